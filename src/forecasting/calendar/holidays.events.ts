declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** puts the holidays of this and the next year into every tenant's calendar, once */
    'calendar.holidays': { data: { day: string }; result: { added: number } };
  }
}
