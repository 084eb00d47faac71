-- +goose Up
-- Programmes, their cycles, and who takes part in them.

CREATE TABLE programme (
    tenant          uuid NOT NULL REFERENCES tenant,
    id              uuid NOT NULL,
    name            text NOT NULL,
    mode            text NOT NULL,
    scope           text NOT NULL,
    integration     text NOT NULL,
    setting         text NOT NULL,
    purpose         text NOT NULL,
    strategic       text NOT NULL,
    start_on        date NOT NULL,
    end_on          date,
    k               integer NOT NULL CHECK (k >= 5),
    lead_id         uuid NOT NULL,
    organisation_id uuid,
    goals           jsonb NOT NULL,
    version         integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, lead_id) REFERENCES person,
    FOREIGN KEY (tenant, organisation_id) REFERENCES organisation
);

CREATE TABLE cycle_template (
    tenant   uuid NOT NULL REFERENCES tenant,
    id       uuid NOT NULL,
    name     text NOT NULL,
    format   text NOT NULL,
    built_in boolean NOT NULL,
    steps    jsonb NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE cycle (
    tenant         uuid NOT NULL,
    id             uuid NOT NULL,
    programme_id   uuid NOT NULL,
    template_id    uuid NOT NULL,
    name           text NOT NULL,
    format         text NOT NULL,
    time_zone      text NOT NULL,
    from_on        date NOT NULL,
    to_on          date NOT NULL,
    state          text NOT NULL,
    settings       jsonb NOT NULL,
    published_plan uuid,
    version        integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, programme_id) REFERENCES programme,
    FOREIGN KEY (tenant, template_id) REFERENCES cycle_template,
    CHECK (from_on <= to_on)
);
CREATE INDEX cycle_programme ON cycle (tenant, programme_id);

CREATE TABLE round (
    tenant    uuid NOT NULL,
    id        uuid NOT NULL,
    cycle_id  uuid NOT NULL,
    position  integer NOT NULL,
    step      jsonb NOT NULL,
    site      text NOT NULL,
    priority  integer NOT NULL,
    open_on   date NOT NULL,
    close_on  date NOT NULL,
    target_on date,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    CHECK (open_on <= close_on)
);
CREATE INDEX round_cycle ON round (tenant, cycle_id, position);

CREATE TABLE enrolment (
    tenant       uuid NOT NULL,
    id           uuid NOT NULL,
    cycle_id     uuid NOT NULL,
    mentor_id    uuid NOT NULL,
    state        text NOT NULL,
    endorsed     boolean NOT NULL,
    enrolled_on  date NOT NULL,
    withdrawn_on date,
    version      integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, mentor_id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, mentor_id) REFERENCES person
);
CREATE INDEX enrolment_mentor ON enrolment (tenant, mentor_id);

CREATE TABLE supervisor_assignment (
    tenant        uuid NOT NULL,
    id            uuid NOT NULL,
    cycle_id      uuid NOT NULL,
    supervisor_id uuid NOT NULL,
    share         integer NOT NULL CHECK (share > 0),
    limits        jsonb,
    quals         jsonb NOT NULL,
    admits        jsonb NOT NULL,
    from_on       date,
    to_on         date,
    state         text NOT NULL,
    version       integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, supervisor_id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person
);
CREATE INDEX supervisor_assignment_person ON supervisor_assignment (tenant, supervisor_id);

CREATE TABLE preparation (
    tenant       uuid NOT NULL,
    id           uuid NOT NULL,
    programme_id uuid NOT NULL,
    person_id    uuid NOT NULL,
    kind         text NOT NULL,
    session_id   uuid,
    completed_on date NOT NULL,
    version      integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, programme_id) REFERENCES programme,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX preparation_person ON preparation (tenant, person_id);

-- +goose Down
DROP TABLE preparation, supervisor_assignment, enrolment, round, cycle, cycle_template, programme;
