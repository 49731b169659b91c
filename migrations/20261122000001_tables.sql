-- Every table of the ticket system. The database is shared with other applications, so this only adds:
-- a table that is already there keeps its rows and gains the columns it lacks. Nothing is dropped, ever.
-- Money is numeric(14,2) in whole currency units; the API speaks integer minor units.

-- Up Migration

create table if not exists profiles (id uuid primary key default gen_random_uuid());
alter table profiles
  add column if not exists profile_name text not null default '',
  add column if not exists created_at timestamptz not null default now();

create table if not exists users (id uuid primary key default gen_random_uuid());
alter table users
  add column if not exists email text,
  add column if not exists full_name text not null default '',
  add column if not exists created_at timestamptz not null default now();

-- Who works for which organizer, and as what.
create table if not exists profile_members (id uuid primary key default gen_random_uuid());
alter table profile_members
  add column if not exists profile_id uuid not null references profiles (id),
  add column if not exists user_id uuid not null references users (id),
  add column if not exists role text not null default 'gate' check (role in ('owner', 'manager', 'finance', 'gate')),
  add column if not exists created_at timestamptz not null default now();

-- Only a SHA-256 of the token is kept: who reads this table cannot sign in with it.
create table if not exists sessions (id uuid primary key default gen_random_uuid());
alter table sessions
  add column if not exists token_hash text,
  add column if not exists user_id uuid references users (id),
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists expires_at timestamptz,
  add column if not exists revoked_at timestamptz,
  add column if not exists created_at timestamptz not null default now();

create table if not exists magic_links (id uuid primary key default gen_random_uuid());
alter table magic_links
  add column if not exists token_hash text,
  add column if not exists email text,
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists expires_at timestamptz,
  add column if not exists used_at timestamptz,
  add column if not exists created_at timestamptz not null default now();

-- Which web site belongs to which organizer; `site` is a host in lower case, with its port where it has one.
create table if not exists tenant_sites (id uuid primary key default gen_random_uuid());
alter table tenant_sites
  add column if not exists site text,
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists is_active boolean not null default true,
  add column if not exists created_at timestamptz not null default now();

create table if not exists legal_info (id uuid primary key default gen_random_uuid());
alter table legal_info
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists nit text,
  add column if not exists legal_name text,
  add column if not exists puleb_code text,
  add column if not exists address text,
  add column if not exists city text,
  add column if not exists country text,
  add column if not exists created_at timestamptz not null default now();

create table if not exists images (id uuid primary key default gen_random_uuid());
alter table images
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists url text,
  add column if not exists type text,
  add column if not exists created_at timestamptz not null default now();

create table if not exists clusters (id uuid primary key default gen_random_uuid());
alter table clusters
  add column if not exists profile_id uuid not null references profiles (id),
  add column if not exists cluster_name text not null,
  add column if not exists description text not null default '',
  add column if not exists start_date timestamptz not null,
  add column if not exists end_date timestamptz not null,
  add column if not exists cluster_type text not null default 'other',
  add column if not exists slug_cluster text,
  add column if not exists legal_info_id uuid references legal_info (id),
  add column if not exists is_active boolean not null default true,
  add column if not exists shadowban boolean not null default false,
  add column if not exists status text not null default 'draft'
    check (status in ('draft', 'published', 'cancelled', 'postponed', 'finished')),
  add column if not exists time_zone text not null default 'America/Bogota',
  add column if not exists version integer not null default 1,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now();

create table if not exists cluster_images (id uuid primary key default gen_random_uuid());
alter table cluster_images
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists cluster_id uuid not null references clusters (id),
  add column if not exists image_id uuid not null references images (id),
  add column if not exists type_image text not null default 'cover';

create table if not exists areas (id uuid primary key default gen_random_uuid());
alter table areas
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists cluster_id uuid not null references clusters (id),
  add column if not exists area_name text not null,
  add column if not exists description text not null default '',
  add column if not exists capacity integer not null default 0 check (capacity >= 0),
  add column if not exists price numeric(14, 2) not null check (price >= 0),
  add column if not exists currency text not null default 'COP',
  add column if not exists nomenclature_letter text not null default 'A',
  add column if not exists unit_capacity integer not null default 1 check (unit_capacity > 0),
  add column if not exists service numeric(14, 2) not null default 0 check (service >= 0),
  -- Raised by every change the area's inventory must hear of; the inventory ignores older ones.
  add column if not exists version integer not null default 1,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now();

-- `status` and `inventory_version` follow the area's inventory; nothing else may write them.
create table if not exists units (id uuid primary key default gen_random_uuid());
alter table units
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists area_id uuid not null references areas (id),
  add column if not exists position integer,
  add column if not exists label text,
  add column if not exists status text not null default 'available'
    check (status in ('available', 'reserved', 'sold', 'blocked')),
  add column if not exists nomenclature_letter_area text not null default '',
  add column if not exists nomenclature_number_area integer,
  add column if not exists nomenclature_number_unit integer,
  add column if not exists inventory_version bigint not null default 0;

create table if not exists sale_stages (id uuid primary key default gen_random_uuid());
alter table sale_stages
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists cluster_id uuid references clusters (id),
  add column if not exists stage_name text not null,
  add column if not exists price_adjustment_type text not null check (price_adjustment_type in ('percentage', 'fixed')),
  add column if not exists price_adjustment_value numeric(14, 2) not null,
  add column if not exists quantity_available integer check (quantity_available >= 0),
  add column if not exists start_time timestamptz,
  add column if not exists end_time timestamptz,
  add column if not exists target_area_id uuid references areas (id),
  add column if not exists target_product_variant_id uuid,
  add column if not exists priority_order integer not null default 0,
  add column if not exists is_active boolean not null default true;

create table if not exists promotions (id uuid primary key default gen_random_uuid());
alter table promotions
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists promotion_name text not null,
  add column if not exists promotion_code text,
  add column if not exists discount_type text not null check (discount_type in ('percentage', 'fixed')),
  add column if not exists discount_value numeric(14, 2) not null check (discount_value >= 0),
  add column if not exists applies_to text not null default 'cluster' check (applies_to in ('cluster', 'area', 'product')),
  add column if not exists target_cluster_id uuid references clusters (id),
  add column if not exists target_area_id uuid references areas (id),
  add column if not exists min_quantity integer not null default 1 check (min_quantity > 0),
  add column if not exists max_discount_amount numeric(14, 2) check (max_discount_amount >= 0),
  add column if not exists start_date timestamptz,
  add column if not exists end_date timestamptz,
  add column if not exists is_active boolean not null default true;

create table if not exists reservations (id uuid primary key default gen_random_uuid());
alter table reservations
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists cluster_id uuid references clusters (id),
  add column if not exists user_id uuid references users (id),
  add column if not exists reservation_date timestamptz not null default now(),
  add column if not exists start_date timestamptz,
  add column if not exists end_date timestamptz,
  add column if not exists status text not null default 'active' check (status in ('active', 'cancelled', 'completed')),
  add column if not exists extra_attributes jsonb not null default '{}';

-- One row per unit of a reservation: the ticket. Written by the area's inventory only.
create table if not exists reservation_units (id uuid primary key default gen_random_uuid());
alter table reservation_units
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists reservation_id uuid not null references reservations (id),
  add column if not exists area_id uuid references areas (id),
  add column if not exists unit_id uuid not null references units (id),
  add column if not exists status text not null default 'reserved'
    check (status in ('reserved', 'confirmed', 'used', 'transferred', 'cancelled')),
  add column if not exists original_user_id uuid references users (id),
  add column if not exists transfer_date timestamptz,
  add column if not exists applied_sale_stage_id uuid references sale_stages (id),
  add column if not exists applied_promotion_id uuid references promotions (id),
  add column if not exists price numeric(14, 2) not null default 0,
  add column if not exists service numeric(14, 2) not null default 0,
  add column if not exists currency text not null default 'COP',
  add column if not exists serial integer not null default 0,
  add column if not exists admitted_at timestamptz,
  add column if not exists inventory_version bigint not null default 0;

create table if not exists reservation_unit_qr_images (id uuid primary key default gen_random_uuid());
alter table reservation_unit_qr_images
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists reservation_unit_id uuid not null references reservation_units (id),
  add column if not exists image_id uuid not null references images (id),
  add column if not exists type_image text not null default 'qr_svg',
  add column if not exists serial integer not null default 1;

-- `id` is the reference the gateway gets. An approved payment is always recorded here, whatever follows.
create table if not exists payments (id uuid primary key default gen_random_uuid());
alter table payments
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists reservation_id uuid not null references reservations (id),
  add column if not exists amount numeric(14, 2) not null check (amount >= 0),
  add column if not exists currency text not null default 'COP',
  add column if not exists payment_gateway text not null default 'wompi' check (payment_gateway in ('wompi', 'payu')),
  add column if not exists payment_method text,
  add column if not exists status text not null default 'pending'
    check (status in ('pending', 'approved', 'settled', 'declined', 'error', 'refund_due', 'refunded')),
  add column if not exists payment_gateway_transaction_id text,
  add column if not exists customer_email text,
  add column if not exists customer_data jsonb not null default '{}',
  add column if not exists billing_data jsonb not null default '{}',
  -- The areas of the reservation, in the order they are committed.
  add column if not exists area_ids uuid[] not null default '{}',
  -- What has to go back to the payer: the whole amount, or the part of an area that had no units left.
  add column if not exists refund_amount numeric(14, 2) not null default 0 check (refund_amount >= 0),
  add column if not exists request_hash text,
  add column if not exists expires_at timestamptz,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now();

create table if not exists unit_transfer_log (id uuid primary key default gen_random_uuid());
alter table unit_transfer_log
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists reservation_unit_id uuid not null references reservation_units (id),
  add column if not exists from_user_id uuid references users (id),
  add column if not exists to_user_id uuid references users (id),
  add column if not exists transfer_date timestamptz not null default now(),
  add column if not exists transfer_reason text;

-- Which effects (mails, refunds, announcements) were carried out, so a repeated message does nothing.
create table if not exists effect_log (effect_id text primary key);
alter table effect_log
  add column if not exists profile_id uuid references profiles (id),
  add column if not exists claimed_at timestamptz not null default now(),
  add column if not exists completed_at timestamptz;
