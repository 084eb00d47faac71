-- +goose Up
-- Runs of the planner, the plans they found, and the seats that mentors accept.

CREATE TABLE plan_run (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    cycle_id    TEXT NOT NULL,
    purpose     TEXT NOT NULL,
    base_plan   TEXT,
    seed        INTEGER NOT NULL,
    chains      INTEGER NOT NULL,
    iterations  TEXT NOT NULL,
    deadline    INTEGER NOT NULL,
    weights     TEXT NOT NULL,
    state       TEXT NOT NULL,
    plans       TEXT NOT NULL,
    score       TEXT,
    done        TEXT NOT NULL,
    ended_by    TEXT NOT NULL,
    stop        TEXT NOT NULL,
    fault_code  TEXT NOT NULL,
    fault_text  TEXT NOT NULL,
    made_by     TEXT,
    made_at     INTEGER NOT NULL,
    started_at  INTEGER,
    finished_at INTEGER,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle
);
-- One active run for each cycle.
CREATE UNIQUE INDEX plan_run_active ON plan_run (tenant, cycle_id) WHERE state IN ('queued', 'running');

CREATE TABLE plan_run_progress (
    tenant     TEXT NOT NULL,
    run_id     TEXT NOT NULL,
    iterations INTEGER NOT NULL,
    planned    INTEGER NOT NULL,
    score      TEXT,
    at         INTEGER NOT NULL,
    PRIMARY KEY (tenant, run_id),
    FOREIGN KEY (tenant, run_id) REFERENCES plan_run
);

-- What the planner was given: busy time and conflict pairs, therefore sealed.
CREATE TABLE plan_instance (
    tenant   TEXT NOT NULL,
    run_id   TEXT NOT NULL,
    instance BLOB NOT NULL,
    mapping  TEXT NOT NULL,
    basis    INTEGER NOT NULL,
    PRIMARY KEY (tenant, run_id),
    FOREIGN KEY (tenant, run_id) REFERENCES plan_run
);

CREATE TABLE plan (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    cycle_id     TEXT NOT NULL,
    run_id       TEXT,
    number       INTEGER NOT NULL,
    state        TEXT NOT NULL,
    score        TEXT NOT NULL,
    terms        TEXT NOT NULL,
    unassigned   TEXT NOT NULL,
    unknown      INTEGER NOT NULL,
    basis        INTEGER NOT NULL,
    put          INTEGER NOT NULL,
    moved        INTEGER NOT NULL,
    gone         INTEGER NOT NULL,
    made_at      INTEGER NOT NULL,
    published_at INTEGER,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, number),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, run_id) REFERENCES plan_run
);
CREATE UNIQUE INDEX plan_published ON plan (tenant, cycle_id) WHERE state = 'published';

CREATE TABLE plan_session (
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    plan_id       TEXT NOT NULL,
    round_id      TEXT NOT NULL,
    group_name    TEXT NOT NULL,
    supervisor_id TEXT NOT NULL,
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    mode          TEXT NOT NULL,
    pinned        TEXT NOT NULL,
    session_id    TEXT,
    unknown       INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, plan_id) REFERENCES plan,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person
);
CREATE INDEX plan_session_plan ON plan_session (tenant, plan_id);

CREATE TABLE plan_session_mentor (
    tenant          TEXT NOT NULL,
    plan_session_id TEXT NOT NULL,
    person_id       TEXT NOT NULL,
    PRIMARY KEY (tenant, plan_session_id, person_id),
    FOREIGN KEY (tenant, plan_session_id) REFERENCES plan_session,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);

CREATE TABLE supervision_group (
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    cycle_id      TEXT NOT NULL,
    number        INTEGER NOT NULL,
    supervisor_id TEXT NOT NULL,
    language      TEXT NOT NULL,
    state         TEXT NOT NULL,
    made_on       TEXT NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, number),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, supervisor_id) REFERENCES person
);

CREATE TABLE group_member (
    tenant    TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (tenant, group_id, person_id),
    FOREIGN KEY (tenant, group_id) REFERENCES supervision_group,
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX group_member_person ON group_member (tenant, person_id);

CREATE TABLE placement (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    cycle_id    TEXT NOT NULL,
    mentor_id   TEXT NOT NULL,
    group_id    TEXT,
    state       TEXT NOT NULL,
    objection   BLOB, -- sealed with the mentor's key
    proposed_at INTEGER NOT NULL,
    answered_at INTEGER,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, cycle_id, mentor_id),
    FOREIGN KEY (tenant, cycle_id) REFERENCES cycle,
    FOREIGN KEY (tenant, mentor_id) REFERENCES person,
    FOREIGN KEY (tenant, group_id) REFERENCES supervision_group
);

-- +goose Down
DROP TABLE placement;
DROP TABLE group_member;
DROP TABLE supervision_group;
DROP TABLE plan_session_mentor;
DROP TABLE plan_session;
DROP TABLE plan;
DROP TABLE plan_instance;
DROP TABLE plan_run_progress;
DROP TABLE plan_run;
