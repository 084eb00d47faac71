-- +goose Up
-- How a viewer stands to a subject, on which days. The pure twin is supervision.Relations; a property test holds them equal.

CREATE VIEW relation (tenant, viewer, subject, kind, from_on, to_on) AS
-- self
SELECT tenant, id, id, 'self', CAST(NULL AS date), CAST(NULL AS date) FROM person
UNION ALL
SELECT tenant, id, id, 'self', CAST(NULL AS date), CAST(NULL AS date) FROM token WHERE kind = 'integration' AND revoked_at IS NULL
UNION ALL
SELECT tenant, id, tenant, 'integration_in', CAST(NULL AS date), CAST(NULL AS date) FROM token WHERE kind = 'integration' AND revoked_at IS NULL
UNION ALL
-- lines
SELECT tenant, manager_id, person_id, 'manager_of', valid_from, valid_to FROM reporting_line
UNION ALL
-- pairs: in a peer pair everybody is mentor and mentee of everybody else
SELECT p.tenant, a.person_id, b.person_id, 'mentor_of', p.start_on, p.end_on
FROM pair p JOIN pair_party a ON a.tenant = p.tenant AND a.pair_id = p.id JOIN pair_party b ON b.tenant = p.tenant AND b.pair_id = p.id
WHERE p.state IN ('planned', 'active', 'paused') AND a.person_id <> b.person_id
  AND (p.kind = 'peer' OR a.side = 'mentor' AND b.side = 'mentee')
UNION ALL
SELECT p.tenant, b.person_id, a.person_id, 'mentee_of', p.start_on, p.end_on
FROM pair p JOIN pair_party a ON a.tenant = p.tenant AND a.pair_id = p.id JOIN pair_party b ON b.tenant = p.tenant AND b.pair_id = p.id
WHERE p.state IN ('planned', 'active', 'paused') AND a.person_id <> b.person_id
  AND (p.kind = 'peer' OR a.side = 'mentor' AND b.side = 'mentee')
UNION ALL
SELECT p.tenant, l.manager_id, a.person_id, 'manager_of_mentee_of',
  CASE WHEN l.valid_from IS NULL OR l.valid_from < p.start_on THEN p.start_on ELSE l.valid_from END,
  CASE WHEN p.end_on IS NULL OR l.valid_to < p.end_on THEN l.valid_to ELSE p.end_on END
FROM pair p JOIN pair_party a ON a.tenant = p.tenant AND a.pair_id = p.id JOIN pair_party b ON b.tenant = p.tenant AND b.pair_id = p.id
  JOIN reporting_line l ON l.tenant = p.tenant AND l.person_id = b.person_id
WHERE p.state IN ('planned', 'active', 'paused') AND a.person_id <> b.person_id
  AND (p.kind = 'peer' OR a.side = 'mentor' AND b.side = 'mentee')
  AND (l.valid_to IS NULL OR l.valid_to >= p.start_on) AND (p.end_on IS NULL OR l.valid_from IS NULL OR l.valid_from <= p.end_on)
UNION ALL
-- cycles and programmes
SELECT e.tenant, e.mentor_id, e.cycle_id, 'takes_part_in', e.enrolled_on, CAST(NULL AS date) FROM enrolment e WHERE e.state = 'active'
UNION ALL
SELECT e.tenant, e.mentor_id, c.programme_id, 'takes_part_in', e.enrolled_on, CAST(NULL AS date)
FROM enrolment e JOIN cycle c ON c.tenant = e.tenant AND c.id = e.cycle_id WHERE e.state = 'active'
UNION ALL
SELECT a.tenant, a.supervisor_id, a.cycle_id, 'supervises_in', CAST(NULL AS date), a.to_on
FROM supervisor_assignment a WHERE a.state IN ('accepted', 'active', 'handing_over')
UNION ALL
SELECT a.tenant, a.supervisor_id, a.cycle_id, 'takes_part_in', CAST(NULL AS date), a.to_on
FROM supervisor_assignment a WHERE a.state IN ('accepted', 'active', 'handing_over')
UNION ALL
SELECT a.tenant, a.supervisor_id, c.programme_id, 'takes_part_in', CAST(NULL AS date), a.to_on
FROM supervisor_assignment a JOIN cycle c ON c.tenant = a.tenant AND c.id = a.cycle_id WHERE a.state IN ('accepted', 'active', 'handing_over')
UNION ALL
SELECT tenant, lead_id, id, 'manages', CAST(NULL AS date), CAST(NULL AS date) FROM programme
UNION ALL
SELECT p.tenant, p.lead_id, c.id, 'manages', CAST(NULL AS date), CAST(NULL AS date) FROM programme p JOIN cycle c ON c.tenant = p.tenant AND c.programme_id = p.id
UNION ALL
-- roles
SELECT r.tenant, r.person_id, p.id,
  CASE r.role WHEN 'hr' THEN 'hr_of' WHEN 'sponsor' THEN 'sponsors' ELSE 'manages' END, r.valid_from, r.valid_to
FROM role_assignment r JOIN programme p ON p.tenant = r.tenant
WHERE r.role IN ('programme_manager', 'lead_programme_manager', 'hr', 'sponsor')
  AND (r.scope = 'tenant' OR r.scope = 'organisation' AND p.organisation_id = r.subject OR r.scope = 'programme' AND p.id = r.subject)
UNION ALL
SELECT r.tenant, r.person_id, c.id,
  CASE r.role WHEN 'hr' THEN 'hr_of' WHEN 'sponsor' THEN 'sponsors' ELSE 'manages' END, r.valid_from, r.valid_to
FROM role_assignment r JOIN programme p ON p.tenant = r.tenant JOIN cycle c ON c.tenant = p.tenant AND c.programme_id = p.id
WHERE r.role IN ('programme_manager', 'lead_programme_manager', 'hr', 'sponsor')
  AND (r.scope = 'tenant' OR r.scope = 'organisation' AND p.organisation_id = r.subject OR r.scope = 'programme' AND p.id = r.subject)
UNION ALL
SELECT r.tenant, r.person_id, r.subject,
  CASE r.role WHEN 'hr' THEN 'hr_in' WHEN 'platform_operator' THEN 'operator_in' ELSE 'programme_manager_in' END, r.valid_from, r.valid_to
FROM role_assignment r
WHERE r.role IN ('programme_manager', 'lead_programme_manager', 'hr', 'platform_operator') AND r.scope <> 'programme'
UNION ALL
-- groups
SELECT g.tenant, m.person_id, g.id, 'member_of', g.made_on, CAST(NULL AS date)
FROM supervision_group g JOIN group_member m ON m.tenant = g.tenant AND m.group_id = g.id WHERE g.state <> 'dissolved'
UNION ALL
SELECT g.tenant, m.person_id, o.person_id, 'group_with', g.made_on, CAST(NULL AS date)
FROM supervision_group g JOIN group_member m ON m.tenant = g.tenant AND m.group_id = g.id JOIN group_member o ON o.tenant = g.tenant AND o.group_id = g.id
WHERE g.state <> 'dissolved' AND m.person_id <> o.person_id
UNION ALL
SELECT g.tenant, g.supervisor_id, g.id, 'leads', g.made_on, a.to_on
FROM supervision_group g JOIN supervisor_assignment a ON a.tenant = g.tenant AND a.cycle_id = g.cycle_id AND a.supervisor_id = g.supervisor_id
WHERE g.state <> 'dissolved' AND a.state IN ('accepted', 'active', 'handing_over')
UNION ALL
SELECT g.tenant, g.supervisor_id, m.person_id, 'supervisor_of', g.made_on, a.to_on
FROM supervision_group g JOIN group_member m ON m.tenant = g.tenant AND m.group_id = g.id
  JOIN supervisor_assignment a ON a.tenant = g.tenant AND a.cycle_id = g.cycle_id AND a.supervisor_id = g.supervisor_id
WHERE g.state <> 'dissolved' AND a.state IN ('accepted', 'active', 'handing_over')
UNION ALL
-- sessions
SELECT s.tenant, t.person_id, s.id, 'member_of', s.made_on, CAST(NULL AS date)
FROM session s JOIN attendance t ON t.tenant = s.tenant AND t.session_id = s.id
UNION ALL
SELECT s.tenant, s.supervisor_id, s.id, 'leads', s.made_on, a.to_on
FROM session s JOIN supervisor_assignment a ON a.tenant = s.tenant AND a.cycle_id = s.cycle_id AND a.supervisor_id = s.supervisor_id
WHERE a.state IN ('accepted', 'active', 'handing_over')
UNION ALL
SELECT s.tenant, s.supervisor_id, t.person_id, 'supervisor_of', s.made_on, a.to_on
FROM session s JOIN attendance t ON t.tenant = s.tenant AND t.session_id = s.id
  JOIN supervisor_assignment a ON a.tenant = s.tenant AND a.cycle_id = s.cycle_id AND a.supervisor_id = s.supervisor_id
WHERE a.state IN ('accepted', 'active', 'handing_over');

-- +goose Down
DROP VIEW relation;
