-- +goose Up
-- Tenants, who there is in them, who reports to whom, and who mentors whom. Every table carries the tenant in its keys.

CREATE TABLE tenant (
    tenant       uuid PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    language     text NOT NULL,
    delivery_key bytea NOT NULL, -- sealed; makes delivery names, never rotates
    made_at      timestamptz NOT NULL
);

-- A data key seals the values of its owner; destroyed, it erases them.
CREATE TABLE data_key (
    tenant       uuid NOT NULL REFERENCES tenant,
    id           uuid NOT NULL,
    owner_kind   text NOT NULL CHECK (owner_kind IN ('tenant', 'person', 'session')),
    owner        uuid NOT NULL,
    wrapped      bytea,
    destroyed_at timestamptz,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, owner_kind, owner)
);

CREATE TABLE organisation (
    tenant           uuid NOT NULL REFERENCES tenant,
    id               uuid NOT NULL,
    external_id      text,
    name             text NOT NULL,
    kind             text NOT NULL,
    country          text NOT NULL,
    time_zone        text NOT NULL,
    competitors      jsonb NOT NULL,
    holidays_version integer NOT NULL,
    version          integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id)
);

CREATE TABLE holiday (
    tenant          uuid NOT NULL,
    organisation_id uuid NOT NULL,
    on_day          date NOT NULL,
    name            text NOT NULL,
    PRIMARY KEY (tenant, organisation_id, on_day, name),
    FOREIGN KEY (tenant, organisation_id) REFERENCES organisation
);

CREATE TABLE person (
    tenant          uuid NOT NULL REFERENCES tenant,
    id              uuid NOT NULL,
    external_id     text,
    name            text NOT NULL,
    email           text NOT NULL,
    organisation_id uuid NOT NULL,
    time_zone       text NOT NULL,
    languages       jsonb NOT NULL,
    unit            text NOT NULL,
    site            text NOT NULL,
    seniority       integer NOT NULL,
    experience      text NOT NULL,
    work_hours      jsonb NOT NULL,
    extended        boolean NOT NULL,
    version         integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id),
    UNIQUE (tenant, email),
    FOREIGN KEY (tenant, organisation_id) REFERENCES organisation
);

CREATE TABLE role_assignment (
    tenant     uuid NOT NULL,
    id         uuid NOT NULL,
    person_id  uuid NOT NULL,
    role       text NOT NULL,
    scope      text NOT NULL CHECK (scope IN ('tenant', 'organisation', 'programme')),
    subject    uuid NOT NULL,
    valid_from date,
    valid_to   date,
    version    integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX role_assignment_person ON role_assignment (tenant, person_id);

CREATE TABLE reporting_line (
    tenant     uuid NOT NULL,
    id         uuid NOT NULL,
    person_id  uuid NOT NULL,
    manager_id uuid NOT NULL,
    kind       text NOT NULL,
    valid_from date,
    valid_to   date,
    version    integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person,
    FOREIGN KEY (tenant, manager_id) REFERENCES person,
    CHECK (person_id <> manager_id)
);
CREATE INDEX reporting_line_person ON reporting_line (tenant, person_id);
CREATE INDEX reporting_line_manager ON reporting_line (tenant, manager_id);

CREATE TABLE pair (
    tenant      uuid NOT NULL REFERENCES tenant,
    id          uuid NOT NULL,
    external_id text,
    number      integer NOT NULL, -- the alias "pair 3" tells nobody who the mentees are
    kind        text NOT NULL,
    start_on    date NOT NULL,
    end_on      date,
    state       text NOT NULL,
    rules_on    date,
    version     integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, external_id),
    UNIQUE (tenant, number)
);

CREATE TABLE pair_party (
    tenant    uuid NOT NULL,
    pair_id   uuid NOT NULL,
    person_id uuid NOT NULL,
    side      text NOT NULL CHECK (side IN ('mentor', 'mentee')),
    PRIMARY KEY (tenant, pair_id, person_id, side),
    FOREIGN KEY (tenant, pair_id) REFERENCES pair,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX pair_party_person ON pair_party (tenant, person_id);

CREATE TABLE pair_meeting (
    tenant  uuid NOT NULL,
    id      uuid NOT NULL,
    pair_id uuid NOT NULL,
    on_day  date NOT NULL,
    minutes integer NOT NULL,
    mode    text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, pair_id) REFERENCES pair
);
CREATE INDEX pair_meeting_pair ON pair_meeting (tenant, pair_id);

CREATE TABLE token (
    tenant       uuid NOT NULL REFERENCES tenant,
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('personal', 'integration')),
    name         text NOT NULL,
    prefix       text NOT NULL,
    hash         bytea NOT NULL UNIQUE, -- of the bearer secret, which is kept nowhere
    scopes       jsonb NOT NULL,
    person_id    uuid,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    version      integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person,
    CHECK ((kind = 'personal') = (person_id IS NOT NULL))
);
CREATE INDEX token_person ON token (tenant, person_id);

-- +goose Down
DROP TABLE token, pair_meeting, pair_party, pair, reporting_line, role_assignment, person, holiday, organisation, data_key, tenant;
