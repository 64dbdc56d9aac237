export { ForecastingModule } from './forecasting.module.js';
