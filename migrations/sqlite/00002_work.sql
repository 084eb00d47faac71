-- +goose Up
-- What every step leaves behind: the key under which it was asked for, the change that others may follow, the audit, and
-- the slow work that somebody waits for.

CREATE TABLE call_key (
    tenant    TEXT NOT NULL REFERENCES tenant,
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    path      TEXT NOT NULL,
    key       TEXT NOT NULL,
    id        TEXT NOT NULL,
    hash      BLOB NOT NULL,
    result    BLOB, -- sealed
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, principal, operation, path, key)
);
CREATE INDEX call_key_age ON call_key (made_at);

-- Unnumbered when it is written; a reader numbers what is committed, so that late commits are never skipped.
CREATE TABLE change (
    tenant   TEXT NOT NULL REFERENCES tenant,
    id       TEXT NOT NULL,
    position INTEGER,
    kind     TEXT NOT NULL,
    object   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    gone     INTEGER NOT NULL,
    actor    TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, position)
);
CREATE INDEX change_unnumbered ON change (tenant, at) WHERE position IS NULL;

CREATE TABLE audit_entry (
    tenant      TEXT NOT NULL REFERENCES tenant,
    id          TEXT NOT NULL,
    at          INTEGER NOT NULL,
    person_id   TEXT,
    token_id    TEXT,
    via         TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object      TEXT,
    outcome     TEXT NOT NULL,
    request     TEXT,
    note        TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX audit_entry_time ON audit_entry (tenant, at);

CREATE TABLE job (
    tenant      TEXT NOT NULL REFERENCES tenant,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    wanted      INTEGER NOT NULL,
    state       TEXT NOT NULL,
    fault_code  TEXT NOT NULL,
    fault_text  TEXT NOT NULL,
    retryable   INTEGER NOT NULL,
    person_id   TEXT NOT NULL,
    made_at     INTEGER NOT NULL,
    finished_at INTEGER,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person_id) REFERENCES person
);
CREATE INDEX job_subject ON job (tenant, subject);

CREATE TABLE import (
    tenant    TEXT NOT NULL REFERENCES tenant,
    id        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    whole     INTEGER NOT NULL,
    apply     INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    state     TEXT NOT NULL,
    rows      TEXT NOT NULL,
    findings  TEXT NOT NULL,
    created   INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    ids       TEXT NOT NULL,
    maker     TEXT NOT NULL, -- a person, or an integration's token
    actor     TEXT NOT NULL,
    made_at   INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- +goose Down
DROP TABLE import;
DROP TABLE job;
DROP TABLE audit_entry;
DROP TABLE change;
DROP TABLE call_key;
