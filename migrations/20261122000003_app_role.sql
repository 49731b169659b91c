-- The role the application logs in as, and the rows it may see. It owns nothing, cannot bypass row-level
-- security and may not delete. Every transaction names its scope with two settings:
--   waro.scope       tenant | public | system
--   waro.profile_id  the organizer (tenant and public)
-- Other roles of the shared database see what they saw before.

-- Up Migration

do $$
begin
  if not exists (select from pg_roles where rolname = 'waro_app') then
    create role waro_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end
$$;

create or replace function waro_scope() returns text language sql stable
  as $$ select current_setting('waro.scope', true) $$;
create or replace function waro_profile_id() returns uuid language sql stable
  as $$ select nullif(current_setting('waro.profile_id', true), '')::uuid $$;

grant usage on schema public to waro_app;

do $$
declare
  table_name text;
begin
  -- Enabling row-level security must not lock out the other applications of this database. Where it is enabled already,
  -- their own policies say what they see, and nothing is added to that.
  foreach table_name in array array[
    'legal_info', 'images', 'clusters', 'cluster_images', 'areas', 'units', 'sale_stages', 'promotions',
    'reservations', 'reservation_units', 'reservation_unit_qr_images', 'payments', 'unit_transfer_log',
    'effect_log', 'profile_members', 'tenant_sites', 'profiles', 'users', 'sessions', 'magic_links'
  ] loop
    if not (select relrowsecurity from pg_class where oid = to_regclass(quote_ident(table_name))) then
      execute format(
        'create policy waro_others_unaffected on %I
           using (current_user <> ''waro_app'') with check (current_user <> ''waro_app'')', table_name);
    end if;
  end loop;

  -- Owned by one organizer through profile_id: the organizer's own scope reads and writes.
  foreach table_name in array array[
    'legal_info', 'images', 'clusters', 'cluster_images', 'areas', 'units', 'sale_stages', 'promotions',
    'reservations', 'reservation_units', 'reservation_unit_qr_images', 'payments', 'unit_transfer_log',
    'effect_log', 'profile_members', 'tenant_sites'
  ] loop
    execute format('grant select, insert, update on %I to waro_app', table_name);
    execute format('alter table %I enable row level security', table_name);
    execute format(
      'create policy waro_tenant on %I to waro_app
         using ((select waro_scope()) = ''tenant'' and profile_id = (select waro_profile_id()))
         with check ((select waro_scope()) = ''tenant'' and profile_id = (select waro_profile_id()))', table_name);
  end loop;

  -- Looked up before the organizer is known: sign-in, sites, and a gateway's notice about a payment.
  foreach table_name in array array['profiles', 'users', 'sessions', 'magic_links'] loop
    execute format('grant select, insert, update on %I to waro_app', table_name);
    execute format('alter table %I enable row level security', table_name);
    execute format(
      'create policy waro_system on %I to waro_app
         using ((select waro_scope()) = ''system'') with check ((select waro_scope()) = ''system'')', table_name);
  end loop;
  foreach table_name in array array['profile_members', 'tenant_sites', 'payments'] loop
    execute format(
      'create policy waro_system_read on %I for select to waro_app using ((select waro_scope()) = ''system'')', table_name);
  end loop;
end
$$;

-- What anybody may read of an organizer's site: published events and what belongs to them.
create policy waro_public on clusters for select to waro_app using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id())
  and status = 'published' and is_active and not shadowban);
create policy waro_public on areas for select to waro_app using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id())
  and exists (select from clusters where clusters.id = areas.cluster_id));
create policy waro_public on legal_info for select to waro_app using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id()));
