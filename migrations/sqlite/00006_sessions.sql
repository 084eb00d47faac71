-- +goose Up
-- Sessions, whose time they take, and how they stand in their people's own calendars.

CREATE TABLE session (
    tenant        TEXT NOT NULL REFERENCES tenant,
    id            TEXT NOT NULL,
    cycle_id      TEXT,
    round_id      TEXT,
    group_id      TEXT,
    kind          TEXT NOT NULL,
    supervisor_id TEXT NOT NULL,
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    time_zone     TEXT NOT NULL,
    mode          TEXT NOT NULL,
    place         TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('on_hold', 'proposed', 'confirmed', 'completed', 'cancelled', 'no_show')),
    revision      INTEGER NOT NULL,
    planned       INTEGER NOT NULL,
    made_on       TEXT NOT NULL,
    attention     TEXT NOT NULL,
    version       INTEGER NOT NULL,
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
    tenant          TEXT NOT NULL,
    session_id      TEXT NOT NULL,
    person_id       TEXT NOT NULL,
    answer          TEXT NOT NULL,
    revision        INTEGER NOT NULL,
    short_notice_ok INTEGER NOT NULL,
    answered_at     INTEGER,
    version         INTEGER NOT NULL,
    PRIMARY KEY (tenant, session_id, person_id),
    FOREIGN KEY (tenant, session_id) REFERENCES session,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX attendance_person ON attendance (tenant, person_id);

-- Earlier times of a session.
CREATE TABLE session_time (
    tenant     TEXT NOT NULL,
    session_id TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    why        TEXT NOT NULL,
    PRIMARY KEY (tenant, session_id, revision),
    FOREIGN KEY (tenant, session_id) REFERENCES session
);

-- A row exists exactly while its session is on hold or confirmed. It is inserted and deleted, never updated, and by
-- Tx.Claim alone. The trigger is the last guard: nobody is in two places, whatever the code does.
CREATE TABLE occupancy (
    tenant     TEXT NOT NULL,
    session_id TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant, session_id, person_id),
    FOREIGN KEY (tenant, session_id) REFERENCES session,
    FOREIGN KEY (tenant, person_id) REFERENCES person,
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 86400000000)
);

CREATE INDEX occupancy_person ON occupancy (tenant, person_id, starts_at);
-- +goose StatementBegin
CREATE TRIGGER occupancy_apart BEFORE INSERT ON occupancy
WHEN EXISTS (SELECT 1 FROM occupancy o WHERE o.tenant = NEW.tenant AND o.person_id = NEW.person_id
  AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at)
BEGIN
    SELECT RAISE(ABORT, 'occupancy_apart');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER occupancy_never_updated BEFORE UPDATE ON occupancy
BEGIN
    SELECT RAISE(ABORT, 'occupancy is never updated');
END;
-- +goose StatementEnd

CREATE TABLE delivery (
    tenant        TEXT NOT NULL,
    session_id    TEXT NOT NULL,
    person_id     TEXT NOT NULL,
    uid           TEXT NOT NULL,
    connection_id TEXT,
    ref           TEXT NOT NULL,
    href          TEXT NOT NULL,
    etag          TEXT NOT NULL,
    sequence      INTEGER NOT NULL,
    shown         TEXT NOT NULL,
    past          TEXT NOT NULL, -- former looks that may stand there still
    changed_at    INTEGER NOT NULL,
    wanted        INTEGER NOT NULL,
    done          INTEGER NOT NULL,
    state         TEXT NOT NULL,
    tries         INTEGER NOT NULL,
    next_at       INTEGER,
    fault         TEXT NOT NULL,
    PRIMARY KEY (tenant, session_id, person_id),
    UNIQUE (tenant, uid),
    FOREIGN KEY (tenant, session_id) REFERENCES session,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX delivery_person ON delivery (tenant, person_id);
CREATE INDEX delivery_due ON delivery (next_at) WHERE wanted <> done;

CREATE TABLE feed (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    person_id    TEXT NOT NULL,
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE, -- of the secret in its address
    state        TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    last_read_at INTEGER,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX feed_person ON feed (tenant, person_id);

-- The rendered feed of a person: fresh while done equals wanted.
CREATE TABLE agenda (
    tenant     TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    wanted     INTEGER NOT NULL,
    done       INTEGER NOT NULL,
    body       BLOB NOT NULL,
    etag       TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    tries      INTEGER NOT NULL,
    next_at    INTEGER,
    PRIMARY KEY (tenant, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

-- +goose Down
DROP TABLE agenda;
DROP TABLE feed;
DROP TABLE delivery;
DROP TABLE occupancy;
DROP TABLE session_time;
DROP TABLE attendance;
DROP TABLE session;
