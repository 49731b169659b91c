-- Uniqueness, and one index for every query the application runs. Named, so that running again adds nothing.

-- Up Migration

create unique index if not exists waro_users_email on users (lower(email));
create unique index if not exists waro_profile_members_once on profile_members (profile_id, user_id);
create index if not exists waro_profile_members_user on profile_members (user_id);
create unique index if not exists waro_sessions_token on sessions (token_hash);
create unique index if not exists waro_magic_links_token on magic_links (token_hash);
-- Sites are kept in lower case: an index over lower(site) cannot serve a reader under row-level security.
create unique index if not exists waro_tenant_sites_site on tenant_sites (site);
create index if not exists waro_legal_info_profile on legal_info (profile_id);

create unique index if not exists waro_clusters_slug on clusters (profile_id, slug_cluster);
create index if not exists waro_clusters_listing on clusters (profile_id, created_at desc, id desc);
create index if not exists waro_clusters_public_listing on clusters (profile_id, start_date, id)
  where status = 'published' and is_active and not shadowban;
create index if not exists waro_cluster_images_cluster on cluster_images (cluster_id);
create unique index if not exists waro_areas_name on areas (cluster_id, area_name);
create unique index if not exists waro_units_position on units (area_id, position);
-- General admission asks for its highest number.
create index if not exists waro_units_general on units (area_id, position) where nomenclature_number_area = 0;
create unique index if not exists waro_units_label on units (area_id, label);
create index if not exists waro_sale_stages_cluster on sale_stages (cluster_id, priority_order);
create unique index if not exists waro_promotions_code on promotions (profile_id, upper(promotion_code));

create index if not exists waro_reservations_listing on reservations (profile_id, reservation_date desc, id desc);
create index if not exists waro_reservation_units_reservation on reservation_units (reservation_id);
-- The last fence against overselling: two living tickets for one unit cannot be stored.
create unique index if not exists waro_reservation_units_living on reservation_units (unit_id)
  where status in ('confirmed', 'used', 'transferred');
create unique index if not exists waro_qr_images_serial on reservation_unit_qr_images (reservation_unit_id, serial);
create index if not exists waro_payments_reservation on payments (reservation_id, created_at);
create unique index if not exists waro_payments_transaction
  on payments (payment_gateway, payment_gateway_transaction_id);
-- Approved and not settled: what the minute's roll-forward looks for. Nearly always empty.
create index if not exists waro_payments_unsettled on payments (updated_at) where status = 'approved';
create index if not exists waro_payments_refund_due on payments (updated_at) where status = 'refund_due';
create index if not exists waro_unit_transfer_log_unit on unit_transfer_log (reservation_unit_id, transfer_date);
