-- +goose Up
-- What every step leaves behind: the key under which it was asked for, the change that others may follow, the audit, and
-- the slow work that somebody waits for.

CREATE TABLE call_key (
    tenant    uuid NOT NULL REFERENCES tenant,
    principal uuid NOT NULL,
    operation text NOT NULL,
    path      text NOT NULL,
    key       text NOT NULL,
    id        uuid NOT NULL,
    hash      bytea NOT NULL,
    result    bytea, -- sealed
    made_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant, principal, operation, path, key)
);
CREATE INDEX call_key_age ON call_key (made_at);

-- Unnumbered when it is written; a reader numbers what is committed, so that late commits are never skipped.
CREATE TABLE change (
    tenant   uuid NOT NULL REFERENCES tenant,
    id       uuid NOT NULL,
    position bigint,
    kind     text NOT NULL,
    object   uuid NOT NULL,
    revision integer NOT NULL,
    gone     boolean NOT NULL,
    actor    uuid,
    at       timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, position)
);
CREATE INDEX change_unnumbered ON change (tenant, at) WHERE position IS NULL;

CREATE TABLE audit_entry (
    tenant      uuid NOT NULL REFERENCES tenant,
    id          uuid NOT NULL,
    at          timestamptz NOT NULL,
    person_id   uuid,
    token_id    uuid,
    via         text NOT NULL,
    action      text NOT NULL,
    object_kind text NOT NULL,
    object      uuid,
    outcome     text NOT NULL,
    request     uuid,
    note        text NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX audit_entry_time ON audit_entry (tenant, at);

CREATE TABLE job (
    tenant      uuid NOT NULL REFERENCES tenant,
    id          uuid NOT NULL,
    kind        text NOT NULL,
    subject     uuid NOT NULL,
    wanted      integer NOT NULL,
    state       text NOT NULL,
    fault_code  text NOT NULL,
    fault_text  text NOT NULL,
    retryable   boolean NOT NULL,
    person_id   uuid NOT NULL,
    made_at     timestamptz NOT NULL,
    finished_at timestamptz,
    version     integer NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX job_subject ON job (tenant, subject);

CREATE TABLE import (
    tenant    uuid NOT NULL REFERENCES tenant,
    id        uuid NOT NULL,
    kind      text NOT NULL,
    whole     boolean NOT NULL,
    apply     boolean NOT NULL,
    confirmed boolean NOT NULL,
    state     text NOT NULL,
    rows      jsonb NOT NULL,
    findings  jsonb NOT NULL,
    created   integer NOT NULL,
    updated   integer NOT NULL,
    unchanged integer NOT NULL,
    ended     integer NOT NULL,
    ids       jsonb NOT NULL,
    maker     uuid NOT NULL, -- a person, or an integration's token
    actor     jsonb NOT NULL,
    made_at   timestamptz NOT NULL,
    version   integer NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- +goose Down
DROP TABLE import, job, audit_entry, change, call_key;
