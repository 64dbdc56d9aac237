-- Rules of single tables that go beyond what after-each-table.sql gives to all.

-- A user sees and changes only the own row; admins, and everything that acts for no person (jobs, commands), all of them.
-- It reads the actor from the setting and never the table itself: a policy that selects from its own table recurses for ever.
CREATE POLICY users_self_policy ON users AS RESTRICTIVE FOR ALL
  USING (
    id = (SELECT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid)
    OR (SELECT coalesce(nullif(current_setting('app.actor', true), '')::jsonb ->> 'role' = 'admin'
             OR nullif(current_setting('app.actor', true), '')::jsonb ->> 'user' IS NULL, true)))
  WITH CHECK (
    id = (SELECT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid)
    OR (SELECT coalesce(nullif(current_setting('app.actor', true), '')::jsonb ->> 'role' = 'admin'
             OR nullif(current_setting('app.actor', true), '')::jsonb ->> 'user' IS NULL, true)));

-- What people decide about a level is audited; its quantities and counts are explained by the movements.
CREATE TRIGGER audit_update_trigger AFTER UPDATE ON inventory FOR EACH ROW
  WHEN ((OLD.reorder_point, OLD.min_stock_level, OLD.max_stock_level, OLD.lead_time_days)
        IS DISTINCT FROM (NEW.reorder_point, NEW.min_stock_level, NEW.max_stock_level, NEW.lead_time_days))
  EXECUTE FUNCTION audit_row('inventory');
CREATE TRIGGER audit_update_trigger AFTER UPDATE ON imports FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION audit_row('import');
CREATE TRIGGER audit_update_trigger AFTER UPDATE ON invoice_series FOR EACH ROW
  WHEN ((OLD.series, OLD.prefix, OLD.digits, OLD.is_active) IS DISTINCT FROM (NEW.series, NEW.prefix, NEW.digits, NEW.is_active)
        OR NEW.next_number < OLD.next_number)
  EXECUTE FUNCTION audit_row('invoice_series');
