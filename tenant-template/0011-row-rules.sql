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

-- A user's two halves are written together by gate.save_user: it needs the tenant's half, what its triggers write, and what they read.
GRANT USAGE ON SCHEMA {{schema}} TO {{gate}};
GRANT SELECT, INSERT, UPDATE ON users TO {{gate}};
GRANT INSERT ON events TO {{gate}};
GRANT SELECT ON stores TO {{gate}};
-- a log-in is no new version of the user
CREATE TRIGGER update_updated_at_trigger BEFORE UPDATE ON users FOR EACH ROW
  WHEN (NEW.updated_at = OLD.updated_at AND NEW.last_login_at IS NOT DISTINCT FROM OLD.last_login_at) EXECUTE FUNCTION update_updated_at();
-- what a foreign key of an array would be
CREATE FUNCTION check_user_stores() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(NEW.store_ids) AS s (id) WHERE NOT EXISTS (SELECT FROM stores WHERE stores.id = s.id)) THEN
    RAISE EXCEPTION 'a store of user % does not exist', NEW.id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'users_store_ids_fkey', TABLE = 'users', COLUMN = 'store_ids';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_stores_trigger BEFORE INSERT OR UPDATE ON users FOR EACH ROW WHEN (NEW.store_ids IS NOT NULL) EXECUTE FUNCTION check_user_stores();

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
