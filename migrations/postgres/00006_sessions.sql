-- +goose Up
-- Sessions, whose time they take, and how they stand in their people's own calendars.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE session (
    tenant        uuid NOT NULL REFERENCES tenant,
    id            uuid NOT NULL,
    cycle_id      uuid,
    round_id      uuid,
    group_id      uuid,
    kind          text NOT NULL,
    supervisor_id uuid NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    time_zone     text NOT NULL,
    mode          text NOT NULL,
    place         text NOT NULL,
    state         text NOT NULL CHECK (state IN ('on_hold', 'proposed', 'confirmed', 'completed', 'cancelled', 'no_show')),
    revision      integer NOT NULL,
    planned       boolean NOT NULL,
    made_on       date NOT NULL,
    attention     jsonb NOT NULL,
    version       integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, group_id) REFERENCES supervision_group,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person,
    CHECK (starts_at < ends_at)
);
CREATE INDEX session_cycle ON session (tenant, cycle_id);
CREATE INDEX session_supervisor ON session (tenant, supervisor_id, starts_at);
CREATE INDEX session_start ON session (tenant, starts_at);

CREATE TABLE attendance (
    tenant          uuid NOT NULL,
    session_id      uuid NOT NULL,
    person_id       uuid NOT NULL,
    answer          text NOT NULL,
    revision        integer NOT NULL,
    short_notice_ok boolean NOT NULL,
    answered_at     timestamptz,
    version         integer NOT NULL,
    PRIMARY KEY (tenant, session_id, person_id),
    FOREIGN KEY (tenant, session_id) REFERENCES session,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX attendance_person ON attendance (tenant, person_id);

-- Earlier times of a session.
CREATE TABLE session_time (
    tenant     uuid NOT NULL,
    session_id uuid NOT NULL,
    revision   integer NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    why        text NOT NULL,
    PRIMARY KEY (tenant, session_id, revision),
    FOREIGN KEY (tenant, session_id) REFERENCES session
);

-- A row exists exactly while its session is on hold or confirmed. It is inserted and deleted, never updated, and by
-- Tx.Claim alone. The constraint is the last guard: nobody is in two places, whatever the code does.
CREATE TABLE occupancy (
    tenant     uuid NOT NULL,
    session_id uuid NOT NULL,
    person_id  uuid NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant, session_id, person_id),
    FOREIGN KEY (tenant, session_id) REFERENCES session,
    FOREIGN KEY (tenant, person_id) REFERENCES person,
    CHECK (starts_at < ends_at AND ends_at - starts_at <= interval '24 hours'),
    CONSTRAINT occupancy_apart EXCLUDE USING gist (tenant WITH =, person_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
);

CREATE TABLE delivery (
    tenant        uuid NOT NULL,
    session_id    uuid NOT NULL,
    person_id     uuid NOT NULL,
    uid           text NOT NULL,
    connection_id uuid,
    ref           text NOT NULL,
    href          text NOT NULL,
    etag          text NOT NULL,
    sequence      integer NOT NULL,
    shown         jsonb NOT NULL,
    past          jsonb NOT NULL, -- former looks that may stand there still
    changed_at    timestamptz NOT NULL,
    wanted        integer NOT NULL,
    done          integer NOT NULL,
    state         text NOT NULL,
    tries         integer NOT NULL,
    next_at       timestamptz,
    fault         text NOT NULL,
    PRIMARY KEY (tenant, session_id, person_id),
    UNIQUE (tenant, uid),
    FOREIGN KEY (tenant, session_id) REFERENCES session,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX delivery_person ON delivery (tenant, person_id);
CREATE INDEX delivery_due ON delivery (next_at) WHERE wanted <> done;

CREATE TABLE feed (
    tenant       uuid NOT NULL,
    id           uuid NOT NULL,
    person_id    uuid NOT NULL,
    name         text NOT NULL,
    hash         bytea NOT NULL UNIQUE, -- of the secret in its address
    state        text NOT NULL,
    made_at      timestamptz NOT NULL,
    last_read_at timestamptz,
    version      integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX feed_person ON feed (tenant, person_id);

-- The rendered feed of a person: fresh while done equals wanted.
CREATE TABLE agenda (
    tenant     uuid NOT NULL,
    person_id  uuid NOT NULL,
    wanted     integer NOT NULL,
    done       integer NOT NULL,
    body       bytea NOT NULL,
    etag       text NOT NULL,
    changed_at timestamptz NOT NULL,
    tries      integer NOT NULL,
    next_at    timestamptz,
    PRIMARY KEY (tenant, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

-- +goose Down
DROP TABLE agenda, feed, delivery, occupancy, session_time, attendance, session;
