-- +goose Up
-- Outside calendars: where they are, what time needs of what is in them, and what a person declares.

CREATE TABLE connection (
    tenant       uuid NOT NULL,
    id           uuid NOT NULL,
    person_id    uuid NOT NULL,
    kind         text NOT NULL,
    name         text NOT NULL,
    url          text NOT NULL,
    username     text NOT NULL,
    password     bytea, -- sealed
    state        text NOT NULL,
    calendars    jsonb NOT NULL,
    last_read_at timestamptz,
    fault_code   text NOT NULL,
    fault_text   text NOT NULL,
    fault_since  timestamptz,
    wanted       integer NOT NULL,
    done         integer NOT NULL,
    tries        integer NOT NULL,
    next_at      timestamptz,
    version      integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX connection_person ON connection (tenant, person_id);
CREATE INDEX connection_due ON connection (state, last_read_at);

-- Where reading a calendar stopped. Its version is compared before a reading is saved: the older of two is dropped.
CREATE TABLE calendar_cursor (
    tenant        uuid NOT NULL,
    connection_id uuid NOT NULL,
    ref           text NOT NULL,
    position      text NOT NULL,
    full_at       timestamptz,
    version       integer NOT NULL,
    PRIMARY KEY (tenant, connection_id, ref),
    FOREIGN KEY (tenant, connection_id) REFERENCES connection ON DELETE CASCADE
);

-- Times, recurrence, transparency, status: never a title, a text, a place or an attendee.
CREATE TABLE calendar_object (
    tenant        uuid NOT NULL,
    connection_id uuid NOT NULL,
    ref           text NOT NULL,
    href          text NOT NULL,
    etag          text NOT NULL,
    data          jsonb NOT NULL,
    PRIMARY KEY (tenant, connection_id, ref, href),
    FOREIGN KEY (tenant, connection_id) REFERENCES connection ON DELETE CASCADE
);

-- One row for each person and source.
CREATE TABLE busy (
    tenant      uuid NOT NULL,
    person_id   uuid NOT NULL,
    source      uuid NOT NULL, -- the connection
    packed      bytea NOT NULL,
    as_of       timestamptz,
    covers_from timestamptz NOT NULL,
    covers_to   timestamptz NOT NULL,
    PRIMARY KEY (tenant, person_id, source),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

CREATE TABLE declared_availability (
    tenant    uuid NOT NULL,
    person_id uuid NOT NULL,
    grid      jsonb NOT NULL,
    valid_to  date,
    version   integer NOT NULL,
    PRIMARY KEY (tenant, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

-- +goose Down
DROP TABLE declared_availability, busy, calendar_object, calendar_cursor, connection;
