-- +goose Up
-- Runs of the planner, the plans they found, and the seats that mentors accept.

CREATE TABLE plan_run (
    tenant      uuid NOT NULL,
    id          uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    purpose     text NOT NULL,
    base_plan   uuid,
    seed        bigint NOT NULL,
    chains      integer NOT NULL,
    iterations  jsonb NOT NULL,
    deadline    integer NOT NULL,
    weights     jsonb NOT NULL,
    state       text NOT NULL,
    plans       jsonb NOT NULL,
    score       jsonb,
    done        jsonb NOT NULL,
    ended_by    text NOT NULL,
    stop        text NOT NULL,
    fault_code  text NOT NULL,
    fault_text  text NOT NULL,
    made_by     uuid,
    made_at     timestamptz NOT NULL,
    started_at  timestamptz,
    finished_at timestamptz,
    version     integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle
);
-- One active run for each cycle.
CREATE UNIQUE INDEX plan_run_active ON plan_run (tenant, cycle_id) WHERE state IN ('queued', 'running');

CREATE TABLE plan_run_progress (
    tenant     uuid NOT NULL,
    run_id     uuid NOT NULL,
    iterations bigint NOT NULL,
    planned    bigint NOT NULL,
    score      jsonb,
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant, run_id),
    FOREIGN KEY (tenant, run_id) REFERENCES plan_run
);

-- What the planner was given: busy time and conflict pairs, therefore sealed.
CREATE TABLE plan_instance (
    tenant   uuid NOT NULL,
    run_id   uuid NOT NULL,
    instance bytea NOT NULL,
    mapping  jsonb NOT NULL,
    basis    integer NOT NULL,
    PRIMARY KEY (tenant, run_id),
    FOREIGN KEY (tenant, run_id) REFERENCES plan_run
);

CREATE TABLE plan (
    tenant       uuid NOT NULL,
    id           uuid NOT NULL,
    cycle_id     uuid NOT NULL,
    run_id       uuid,
    number       integer NOT NULL,
    state        text NOT NULL,
    score        jsonb NOT NULL,
    terms        jsonb NOT NULL,
    unassigned   jsonb NOT NULL,
    unknown      integer NOT NULL,
    basis        integer NOT NULL,
    put          integer NOT NULL,
    moved        integer NOT NULL,
    gone         integer NOT NULL,
    made_at      timestamptz NOT NULL,
    published_at timestamptz,
    version      integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, number),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, run_id) REFERENCES plan_run
);
CREATE UNIQUE INDEX plan_published ON plan (tenant, cycle_id) WHERE state = 'published';

CREATE TABLE plan_session (
    tenant        uuid NOT NULL,
    id            uuid NOT NULL,
    plan_id       uuid NOT NULL,
    round_id      uuid NOT NULL,
    group_name    text NOT NULL,
    supervisor_id uuid NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    mode          text NOT NULL,
    pinned        jsonb NOT NULL,
    session_id    uuid,
    unknown       integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, plan_id) REFERENCES plan,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person
);
CREATE INDEX plan_session_plan ON plan_session (tenant, plan_id);

CREATE TABLE plan_session_mentor (
    tenant          uuid NOT NULL,
    plan_session_id uuid NOT NULL,
    person_id       uuid NOT NULL,
    PRIMARY KEY (tenant, plan_session_id, person_id),
    FOREIGN KEY (tenant, plan_session_id) REFERENCES plan_session,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

CREATE TABLE supervision_group (
    tenant        uuid NOT NULL,
    id            uuid NOT NULL,
    cycle_id      uuid NOT NULL,
    number        integer NOT NULL,
    supervisor_id uuid NOT NULL,
    language      text NOT NULL,
    state         text NOT NULL,
    made_on       date NOT NULL,
    version       integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, number),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person
);

CREATE TABLE group_member (
    tenant    uuid NOT NULL,
    group_id  uuid NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (tenant, group_id, person_id),
    FOREIGN KEY (tenant, group_id) REFERENCES supervision_group,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX group_member_person ON group_member (tenant, person_id);

CREATE TABLE placement (
    tenant      uuid NOT NULL,
    id          uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    mentor_id   uuid NOT NULL,
    group_id    uuid,
    state       text NOT NULL,
    objection   bytea, -- sealed with the mentor's key
    proposed_at timestamptz NOT NULL,
    answered_at timestamptz,
    version     integer NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, mentor_id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, mentor_id) REFERENCES person,
    FOREIGN KEY (tenant, group_id) REFERENCES supervision_group
);

-- +goose Down
DROP TABLE placement, group_member, supervision_group, plan_session_mentor, plan_session, plan, plan_instance, plan_run_progress, plan_run;
