-- +goose Up
-- Tenants, who there is in them, who reports to whom, and who mentors whom. Every table carries the tenant in its keys.

CREATE TABLE tenant (
    tenant       TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    language     TEXT NOT NULL,
    delivery_key BLOB NOT NULL, -- sealed; makes delivery names, never rotates
    made_at      INTEGER NOT NULL
);

-- A data key seals the values of its owner; destroyed, it erases them.
CREATE TABLE data_key (
    tenant       TEXT NOT NULL REFERENCES tenant,
    id           TEXT NOT NULL,
    owner_kind   TEXT NOT NULL CHECK (owner_kind IN ('tenant', 'person', 'session')),
    owner        TEXT NOT NULL,
    wrapped      BLOB,
    destroyed_at INTEGER,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, owner_kind, owner)
);

CREATE TABLE organisation (
    tenant           TEXT NOT NULL REFERENCES tenant,
    id               TEXT NOT NULL,
    external_id      TEXT,
    name             TEXT NOT NULL,
    kind             TEXT NOT NULL,
    country          TEXT NOT NULL,
    time_zone        TEXT NOT NULL,
    competitors      TEXT NOT NULL,
    holidays_version INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id)
);

CREATE TABLE holiday (
    tenant          TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    on_day          TEXT NOT NULL,
    name            TEXT NOT NULL,
    PRIMARY KEY (tenant, organisation_id, on_day, name),
    FOREIGN KEY (tenant, organisation_id) REFERENCES organisation
);

CREATE TABLE person (
    tenant          TEXT NOT NULL REFERENCES tenant,
    id              TEXT NOT NULL,
    external_id     TEXT,
    name            TEXT NOT NULL,
    email           TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    time_zone       TEXT NOT NULL,
    languages       TEXT NOT NULL,
    unit            TEXT NOT NULL,
    site            TEXT NOT NULL,
    seniority       INTEGER NOT NULL,
    experience      TEXT NOT NULL,
    work_hours      TEXT NOT NULL,
    extended        INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id),
    UNIQUE (tenant, email),
    FOREIGN KEY (tenant, organisation_id) REFERENCES organisation
);

CREATE TABLE role_assignment (
    tenant     TEXT NOT NULL,
    id         TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    role       TEXT NOT NULL,
    scope      TEXT NOT NULL CHECK (scope IN ('tenant', 'organisation', 'programme')),
    subject    TEXT NOT NULL,
    valid_from TEXT,
    valid_to   TEXT,
    version    INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX role_assignment_person ON role_assignment (tenant, person_id);

CREATE TABLE reporting_line (
    tenant     TEXT NOT NULL,
    id         TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    manager_id TEXT NOT NULL,
    kind       TEXT NOT NULL,
    valid_from TEXT,
    valid_to   TEXT,
    version    INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person,
    FOREIGN KEY (tenant, manager_id) REFERENCES person,
    CHECK (person_id <> manager_id)
);
CREATE INDEX reporting_line_person ON reporting_line (tenant, person_id);
CREATE INDEX reporting_line_manager ON reporting_line (tenant, manager_id);

CREATE TABLE pair (
    tenant      TEXT NOT NULL REFERENCES tenant,
    id          TEXT NOT NULL,
    external_id TEXT,
    number      INTEGER NOT NULL, -- the alias "pair 3" tells nobody who the mentees are
    kind        TEXT NOT NULL,
    start_on    TEXT NOT NULL,
    end_on      TEXT,
    state       TEXT NOT NULL,
    rules_on    TEXT,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id),
    UNIQUE (tenant, number)
);

CREATE TABLE pair_party (
    tenant    TEXT NOT NULL,
    pair_id   TEXT NOT NULL,
    person_id TEXT NOT NULL,
    side      TEXT NOT NULL CHECK (side IN ('mentor', 'mentee')),
    PRIMARY KEY (tenant, pair_id, person_id, side),
    FOREIGN KEY (tenant, pair_id) REFERENCES pair,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX pair_party_person ON pair_party (tenant, person_id);

CREATE TABLE pair_meeting (
    tenant  TEXT NOT NULL,
    id      TEXT NOT NULL,
    pair_id TEXT NOT NULL,
    on_day  TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    mode    TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, pair_id) REFERENCES pair
);
CREATE INDEX pair_meeting_pair ON pair_meeting (tenant, pair_id);

CREATE TABLE token (
    tenant       TEXT NOT NULL REFERENCES tenant,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('personal', 'integration')),
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE, -- of the bearer secret, which is kept nowhere
    scopes       TEXT NOT NULL,
    person_id    TEXT,
    made_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER,
    last_used_at INTEGER,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person,
    CHECK ((kind = 'personal') = (person_id IS NOT NULL))
);
CREATE INDEX token_person ON token (tenant, person_id);

-- +goose Down
DROP TABLE token;
DROP TABLE pair_meeting;
DROP TABLE pair_party;
DROP TABLE pair;
DROP TABLE reporting_line;
DROP TABLE role_assignment;
DROP TABLE person;
DROP TABLE holiday;
DROP TABLE organisation;
DROP TABLE data_key;
DROP TABLE tenant;
