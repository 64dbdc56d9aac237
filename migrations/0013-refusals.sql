-- Refuses the running statement for a rule that is no constraint of a table, as a broken constraint would: the name says which rule, the
-- detail what broke it. A statement whose every refusal is an error may travel with its COMMIT.
CREATE FUNCTION gate.refuse(rule text, detail text DEFAULT '') RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'refused: %', rule USING ERRCODE = 'check_violation', CONSTRAINT = rule, DETAIL = detail;
END $$;
REVOKE ALL ON FUNCTION gate.refuse(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.refuse(text, text) TO {{tenants}};
