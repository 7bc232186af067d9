-- Messages of keys that a group cannot handle, in the order in which they were parked. Invariants: a key has a row exactly
-- as long as it has a message; and whoever parks, drops, replays or gives back holds the lock of that row, so a message that
-- comes while the last one is replayed either stands behind it or finds the key free, and never anything in between.
--
-- number        Of keys: who waits longest. Of messages: their order, drawn under the lock of their key's row.
-- held_until    Until when a member has the key in hand, by the server's clock; null where none has.
-- lease_millis  How long its member has it after each message.
create table ${schema}.parked_keys (
    number         bigint generated always as identity,
    held_until     timestamptz,
    lease_millis   bigint not null default 0,
    messages       bigint not null default 0,
    is_released    boolean not null default false,
    consumer_group text collate "C" not null,
    topic          text collate "C" not null,
    key            text collate "C" not null,
    owner          text collate "C",
    constraint parked_keys_number primary key (number),
    constraint parked_keys_key unique (consumer_group, topic, key)
) with (fillfactor = 50);

create index parked_keys_released on ${schema}.parked_keys (consumer_group, number) where is_released;

create table ${schema}.parked_messages (
    number        bigint generated always as identity,
    key_number    bigint not null,
    parked_at     timestamptz not null default now(),
    id            text collate "C" not null,
    topic         text collate "C" not null,
    type          text collate "C" not null,
    key           text collate "C" not null,
    header_names  text[] collate "C" not null,
    header_values text[] collate "C" not null,
    body          bytea not null,
    constraint parked_messages_number primary key (key_number, number),
    constraint parked_messages_id unique (key_number, id)
);
