-- Row-level security without a silent exception for the tables' owner: what an owner or another role may see is said by a
-- policy as well. They see what they saw, as long as they do not speak as this application does, naming a scope: who runs it
-- as an owner by mistake finds nothing, instead of everything. docs/adr/0012 says what it costs them.

-- Up Migration

do $$
declare
  fenced record;
  -- To be computed once per statement, not per row.
  names_no_scope constant text := '(select coalesce(current_setting(''waro.scope'', true), '''') = '''')';
begin
  for fenced in
    select pg_class.oid, pg_class.relname, pg_class.relforcerowsecurity,
      pg_get_userbyid(pg_class.relowner) as owner,
      exists (select from pg_policy where polrelid = pg_class.oid and polname = 'waro_others_unaffected') as is_opened,
      exists (select from pg_policy where polrelid = pg_class.oid and not polpermissive and polname not like 'waro\_%')
        as is_restricted
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity
      and exists (select from pg_policy where polrelid = pg_class.oid and polname in ('waro_tenant', 'waro_system'))
    order by relname
  loop
    if fenced.is_opened then
      execute format(
        'alter policy waro_others_unaffected on %1$I
           using (current_user <> ''waro_app'' and %2$s) with check (current_user <> ''waro_app'' and %2$s)',
        fenced.relname, names_no_scope);
    end if;
    -- Where it is forced already, others' own policies say what the owner sees. Where one of them only takes away, forcing
    -- would take from the owner too, and no policy of ours could give that back.
    continue when fenced.relforcerowsecurity or fenced.is_restricted;
    -- Others' policies say what other roles see here, or nobody else has ever seen it: only the owner's view is kept.
    if not fenced.is_opened then
      execute format(
        'create policy waro_owner_unaffected on %1$I to %2$I using (%3$s) with check (%3$s)',
        fenced.relname, fenced.owner, names_no_scope);
    end if;
    execute format('alter table %I force row level security', fenced.relname);
  end loop;
end
$$;
