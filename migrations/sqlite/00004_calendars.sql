-- +goose Up
-- Outside calendars: where they are, what time needs of what is in them, and what a person declares.

CREATE TABLE connection (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    person_id    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    url          TEXT NOT NULL,
    username     TEXT NOT NULL,
    password     BLOB, -- sealed
    state        TEXT NOT NULL,
    calendars    TEXT NOT NULL,
    last_read_at INTEGER,
    fault_code   TEXT NOT NULL,
    fault_text   TEXT NOT NULL,
    fault_since  INTEGER,
    wanted       INTEGER NOT NULL,
    done         INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    next_at      INTEGER,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX connection_person ON connection (tenant, person_id);
CREATE INDEX connection_due ON connection (state, last_read_at);

-- Where reading a calendar stopped. Its version is compared before a reading is saved: the older of two is dropped.
CREATE TABLE calendar_cursor (
    tenant        TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    ref           TEXT NOT NULL,
    position      TEXT NOT NULL,
    full_at       INTEGER,
    version       INTEGER NOT NULL,
    PRIMARY KEY (tenant, connection_id, ref),
    FOREIGN KEY (tenant, connection_id) REFERENCES connection ON DELETE CASCADE
);

-- Times, recurrence, transparency, status: never a title, a text, a place or an attendee.
CREATE TABLE calendar_object (
    tenant        TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    ref           TEXT NOT NULL,
    href          TEXT NOT NULL,
    etag          TEXT NOT NULL,
    data          TEXT NOT NULL,
    PRIMARY KEY (tenant, connection_id, ref, href),
    FOREIGN KEY (tenant, connection_id) REFERENCES connection ON DELETE CASCADE
);

-- One row for each person and source.
CREATE TABLE busy (
    tenant      TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    source      TEXT NOT NULL, -- the connection
    packed      BLOB NOT NULL,
    as_of       INTEGER,
    covers_from INTEGER NOT NULL,
    covers_to   INTEGER NOT NULL,
    PRIMARY KEY (tenant, person_id, source),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

CREATE TABLE declared_availability (
    tenant    TEXT NOT NULL,
    person_id TEXT NOT NULL,
    grid      TEXT NOT NULL,
    valid_to  TEXT,
    version   INTEGER NOT NULL,
    PRIMARY KEY (tenant, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

-- +goose Down
DROP TABLE declared_availability;
DROP TABLE busy;
DROP TABLE calendar_object;
DROP TABLE calendar_cursor;
DROP TABLE connection;
