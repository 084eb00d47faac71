-- +goose Up
-- Programmes, their cycles, and who takes part in them.

CREATE TABLE programme (
    tenant          TEXT NOT NULL REFERENCES tenant,
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    mode            TEXT NOT NULL,
    scope           TEXT NOT NULL,
    integration     TEXT NOT NULL,
    setting         TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    strategic       TEXT NOT NULL,
    start_on        TEXT NOT NULL,
    end_on          TEXT,
    k               INTEGER NOT NULL CHECK (k >= 5),
    lead_id         TEXT NOT NULL,
    organisation_id TEXT,
    goals           TEXT NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, lead_id) REFERENCES person,
    FOREIGN KEY (tenant, organisation_id) REFERENCES organisation
);

CREATE TABLE cycle_template (
    tenant   TEXT NOT NULL REFERENCES tenant,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    format   TEXT NOT NULL,
    built_in INTEGER NOT NULL,
    steps    TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE cycle (
    tenant         TEXT NOT NULL,
    id             TEXT NOT NULL,
    programme_id   TEXT NOT NULL,
    template_id    TEXT NOT NULL,
    name           TEXT NOT NULL,
    format         TEXT NOT NULL,
    time_zone      TEXT NOT NULL,
    from_on        TEXT NOT NULL,
    to_on          TEXT NOT NULL,
    state          TEXT NOT NULL,
    settings       TEXT NOT NULL,
    published_plan TEXT,
    version        INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, programme_id) REFERENCES programme,
    FOREIGN KEY (tenant, template_id) REFERENCES cycle_template,
    CHECK (from_on <= to_on)
);
CREATE INDEX cycle_programme ON cycle (tenant, programme_id);

CREATE TABLE round (
    tenant    TEXT NOT NULL,
    id        TEXT NOT NULL,
    cycle_id  TEXT NOT NULL,
    position  INTEGER NOT NULL,
    step      TEXT NOT NULL,
    site      TEXT NOT NULL,
    priority  INTEGER NOT NULL,
    open_on   TEXT NOT NULL,
    close_on  TEXT NOT NULL,
    target_on TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    CHECK (open_on <= close_on)
);
CREATE INDEX round_cycle ON round (tenant, cycle_id, position);

CREATE TABLE enrolment (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    cycle_id     TEXT NOT NULL,
    mentor_id    TEXT NOT NULL,
    state        TEXT NOT NULL,
    endorsed     INTEGER NOT NULL,
    enrolled_on  TEXT NOT NULL,
    withdrawn_on TEXT,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, mentor_id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, mentor_id) REFERENCES person
);
CREATE INDEX enrolment_mentor ON enrolment (tenant, mentor_id);

CREATE TABLE supervisor_assignment (
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    cycle_id      TEXT NOT NULL,
    supervisor_id TEXT NOT NULL,
    share         INTEGER NOT NULL CHECK (share > 0),
    limits        TEXT,
    quals         TEXT NOT NULL,
    admits        TEXT NOT NULL,
    from_on       TEXT,
    to_on         TEXT,
    state         TEXT NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, supervisor_id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person
);
CREATE INDEX supervisor_assignment_person ON supervisor_assignment (tenant, supervisor_id);

CREATE TABLE preparation (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    person_id    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    session_id   TEXT,
    completed_on TEXT NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, programme_id) REFERENCES programme,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX preparation_person ON preparation (tenant, person_id);

-- +goose Down
DROP TABLE preparation;
DROP TABLE supervisor_assignment;
DROP TABLE enrolment;
DROP TABLE round;
DROP TABLE cycle;
DROP TABLE cycle_template;
DROP TABLE programme;
