package api_test

// access is one request and what becomes of it for each actor. The cells follow the columns of actors: four who run, two
// supervisors, three mentors, three around them, three offices, three tokens of the tenant's manager with one scope each, six
// integrations, a manager of another tenant, nobody.
//
//   - it is done, or the list holds what is sought
//     o  the list is theirs, and what is sought is not in it
//     .  404, as for an id that never was
//     x  403, their roles do not allow it
//     s  403, their credential does not open it
//     ?  422, the body names something that they may not see, as for an id that never was
//   - 401
//
// It is written from the access matrix, not from the policy.
type access struct {
	op    string // operationId, with the variant behind it
	cells string
	path  string
	body  string
	tag   string // whose tag is sent: the path of an object, or that of a list and # and the id of a row
	seek  string // the id that a list shall hold
}

func reads(op, cells, path string) access { return access{op: op, cells: cells, path: path} }

func lists(op, cells, path, seek string) access {
	return access{op: op, cells: cells, path: path, seek: seek}
}

func makes(op, cells, path, body string) access {
	return access{op: op, cells: cells, path: path, body: body}
}

func changes(op, cells, path, body, tag string) access {
	return access{op: op, cells: cells, path: path, body: body, tag: tag}
}

var accessToPeople = []access{
	// Me, tokens, tenant. Tokens, jobs and audit are one's own; the operator sees that things work, and integrations are the house's.
	reads("getMe", "++++ ++ +++ +++ +++ +++ ++++++ +-", "/v1/me"),
	lists("listTokens of a mentor", "oooo oo +oo ooo ooo oss ssssss o-", "/v1/tokens", "$mentor_token"),
	lists("listTokens of integrations", "+ooo oo ooo ooo oo+ +ss ssssss o-", "/v1/tokens?kind=integration", "$lr_token"),
	makes("createToken", "xxxx xx xxx xxx xxx xxx xxxxxx x-", "/v1/tokens", `{"kind":"personal","name":"Mirror","scopes":["self"],"days":30}`),
	changes("revokeToken of a mentor", ".... .. +.. ... ... .ss ssssss .-", "/v1/tokens/$mentor_token", "", "/v1/tokens#$mentor_token"),
	changes("revokeToken of an integration", "x... .. ... ... ..+ xss ssssss .-", "/v1/tokens/$lr_token", "", "/v1/tokens#$lr_token"),
	lists("listJobs", "oooo oo +oo ooo oo+ oso ssssss o-", "/v1/jobs", "$job"),
	reads("getJob", ".... .. +.. ... ..+ .s. ssssss .-", "/v1/jobs/$job"),
	lists("listAuditEntries", "+ooo oo +oo ooo oo+ os+ ssssss o-", "/v1/audit-entries?page_size=200&from=2027-01-01T00:00:00Z&to=2027-01-31T00:00:00Z", "$entry"),

	// Imports: the manager's, reporting lines HR's as well, each kind of an integration's by a scope of its own. They are read
	// back by who made them.
	makes("createImport of organisations", "+xxx xx xxx xxx xxx ss+ ssssss +-", "/v1/imports?kind=organisations", `{"rows":[{"external_id":"o","name":"O","kind":"company","country":"DK","time_zone":"UTC"}]}`),
	makes("createImport of people", "+xxx xx xxx xxx xxx ss+ ss+sss +-", "/v1/imports?kind=people", `{"rows":[{"external_id":"p"}]}`),
	makes("createImport of lines", "+xxx xx xxx xxx +xx ss+ sss+ss +-", "/v1/imports?kind=lines", `{"rows":[{"person":"p","manager":"q"}]}`),
	makes("createImport of pairs", "+xxx xx xxx xxx xxx ss+ ssss+s +-", "/v1/imports?kind=pairs", `{"rows":[{"external_id":"p"}]}`),
	reads("getImport", "+... .. ... ... ... ss+ ss...s .-", "/v1/imports/$import"),
	changes("applyImport", "+... .. ... ... ... ss+ ss...s .-", "/v1/imports/$import/application", `{}`, "/v1/imports/$import"),

	// Organisations and roles: who runs the house, or the organisation.
	lists("listOrganisations", "+xxo xx xxx xxx xx+ ss+ ssssss o-", "/v1/organisations", "$works"),
	reads("getOrganisation", "+xx. xx xxx xxx xx+ ss+ ssssss .-", "/v1/organisations/$works"),
	makes("createOrganisation", "+xxx xx xxx xxx xx+ ss+ ssssss +-", "/v1/organisations", `{"name":"New","kind":"company","country":"DK","time_zone":"UTC"}`),
	changes("updateOrganisation", "+xx. xx xxx xxx xx+ ss+ ssssss .-", "/v1/organisations/$works", `{"name":"New"}`, "/v1/organisations/$works"),
	changes("updateOrganisation: competitors", "+xx. xx xxx xxx xxx ss+ ssssss .-", "/v1/organisations/$works", `{"competitor_groups":["mills"]}`, "/v1/organisations/$works"),
	reads("getHolidays", "+xx. xx xxx xxx xx+ ss+ ssssss .-", "/v1/organisations/$works/holidays"),
	changes("putHolidays", "+xx. xx xxx xxx xx+ ss+ ssssss .-", "/v1/organisations/$works/holidays", `{"holidays":[]}`, "/v1/organisations/$works/holidays"),
	lists("listRoleAssignments", "+xxo xx xxx xxx xx+ ss+ ssssss o-", "/v1/role-assignments?page_size=200", "$mentor_role"),
	makes("createRoleAssignment", "+xxx xx xxx xxx xx+ ss+ ssssss ?-", "/v1/role-assignments", `{"person_id":"$spare","role":"mentee"}`),
	makes("createRoleAssignment of an operator", "xxxx xx xxx xxx xx+ ssx ssssss x-", "/v1/role-assignments", `{"person_id":"$spare","role":"platform_operator"}`),
	changes("updateRoleAssignment", "+xx. xx xxx xxx xx+ ss+ ssssss .-", "/v1/role-assignments/$spare_role", `{"valid_to":"2027-12-31"}`, "/v1/role-assignments?person_id=$spare#$spare_role"),

	// People: their managers, themselves, and in part their supervisor. Nobody else: no colleague, no manager of the line, no HR.
	lists("listPeople", "+ooo +o +oo ooo ooo os+ ssssss o-", "/v1/people?page_size=200", "$mentor"),
	reads("getPerson", "+... +. +.. ... ... .s+ ssssss .-", "/v1/people/$mentor"),
	makes("createPerson", "+xxx xx xxx xxx xxx ss+ ssssss ?-", "/v1/people", `{"name":"New","email":"n@a.example","organisation_id":"$works","time_zone":"UTC"}`),
	makes("createPerson in another organisation", "+xx+ xx xxx xxx xxx ss+ ssssss ?-", "/v1/people", `{"name":"New","email":"n@a.example","organisation_id":"$otherorg","time_zone":"UTC"}`),
	changes("updatePerson: zone", "+... x. +.. ... ... .s+ ssssss .-", "/v1/people/$mentor", `{"time_zone":"Europe/Berlin"}`, "/v1/people/$mentor"),
	changes("updatePerson: name", "+... x. x.. ... ... .s+ ssssss .-", "/v1/people/$mentor", `{"name":"New"}`, "/v1/people/$mentor"),

	// Reporting lines: a line is seen by its two ends.
	lists("listReportingLines", "+ooo oo +oo +oo ooo os+ ssssss o-", "/v1/reporting-lines?page_size=200", "$boss_line"),
	makes("createReportingLine", "+xxx xx xxx xxx xxx ss+ ssssss ?-", "/v1/reporting-lines", `{"person_id":"$spare","manager_id":"$boss"}`),
	changes("updateReportingLine", "+xx. xx xxx xxx xxx ss+ ssssss .-", "/v1/reporting-lines/$boss_line", `{"valid_to":"2027-12-31"}`, "/v1/reporting-lines?person_id=$mentor#$boss_line"),

	// Pairs: the two, and the managers of each, to whom it is no secret that their own report takes part.
	lists("listPairs", "+ooo +o +oo +++ ooo os+ ssssss o-", "/v1/pairs?page_size=200", "$pair"),
	reads("getPair", "+... +. +.. +++ ... .s+ ssssss .-", "/v1/pairs/$pair"),
	makes("createPair", "+xxx xx xxx xxx xxx ss+ ssssss ?-", "/v1/pairs", `{"kind":"one_to_one","mentor_ids":["$spare"],"mentee_ids":["$sparementee"],"start_on":"2027-02-01"}`),
	changes("updatePair", "+xx. xx xxx xxx xxx ss+ ssssss .-", "/v1/pairs/$pair", `{"end_on":"2027-12-31"}`, "/v1/pairs/$pair"),
	changes("setPairState", "+xx. xx xxx xxx xxx ss+ ssssss .-", "/v1/pairs/$pair/state", `{"state":"active"}`, "/v1/pairs/$pair"),

	// When a pair met: its mentor writes it, its mentee reads it, nobody else does.
	lists("listPairMeetings", "oooo oo +oo oo+ ooo oss ssssss o-", "/v1/pair-meetings", "$meeting"),
	makes("createPairMeeting", "x??? x? +?? xxx ??? ?ss ssssss ?-", "/v1/pair-meetings", `{"pair_id":"$pair","met_on":"2027-01-02","duration_minutes":45,"mode":"virtual"}`),
	changes("deletePairMeeting", ".... .. +.. ..x ... .ss ssssss .-", "/v1/pair-meetings/$meeting", "", "/v1/pair-meetings#$meeting"),
}

const seedRun = `{"cycle_id":"$cycle","iterations":[100],"chains":1}`

var accessToCycles = []access{
	// Programmes: everybody around them reads what they are for; their managers change them.
	lists("listProgrammes", "++oo ++ +++ +++ +++ xs+ +sssss o-", "/v1/programmes", "$programme"),
	reads("getProgramme", "++.. ++ +++ +++ +++ xs+ +sssss .-", "/v1/programmes/$programme"),
	makes("createProgramme", "+xxx xx xxx xxx xx+ ss+ ssssss +-", "/v1/programmes", `{"name":"New","mode":"network","start_on":"2027-02-01"}`),
	changes("updateProgramme", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/programmes/$programme", `{"name":"New"}`, "/v1/programmes/$programme"),
	lists("listPreparations", "++oo +o +oo ooo ooo os+ ssssss o-", "/v1/preparations", "$preparation"),
	makes("createPreparation", "++?? +x xxx xxx xxx ss+ ssssss ?-", "/v1/preparations", `{"person_id":"$mentor","programme_id":"$programme","kind":"equivalent","completed_on":"2027-01-03"}`),
	changes("updatePreparation", "++.. +. xxx xxx xxx ss+ ssssss .-", "/v1/preparations/$preparation", `{"completed_on":"2027-01-03"}`, "/v1/preparations#$preparation"),

	// Templates: who manages or takes part.
	lists("listCycleTemplates", "++++ ++ +++ xxx xx+ ss+ ssssss o-", "/v1/cycle-templates", "$template"),
	reads("getCycleTemplate", "++++ ++ +++ xxx xx+ ss+ ssssss .-", "/v1/cycle-templates/$template"),
	makes("createCycleTemplate", "+xxx xx xxx xxx xxx ss+ ssssss +-", "/v1/cycle-templates", `{"name":"Talks","rounds":[{"kind":"individual","duration_minutes":60}]}`),

	// Cycles: who takes part, HR and sponsor read the frame; the criteria are for everybody around.
	lists("listCycles", "++oo ++ +++ xxx ++x xs+ +sssss o-", "/v1/cycles", "$cycle"),
	reads("getCycle", "++.. ++ +++ xxx ++x xs+ +sssss .-", "/v1/cycles/$cycle"),
	makes("createCycle", "++?? xx xxx xxx xxx ss+ ssssss ?-", "/v1/cycles", `{"programme_id":"$programme","template_id":"$template","name":"Next","time_zone":"Europe/Copenhagen","from_on":"2027-03-01","to_on":"2027-06-30"}`),
	changes("updateCycle", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/cycles/$cycle", `{"name":"New"}`, "/v1/cycles/$cycle"),
	changes("putRounds", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/cycles/$cycle/rounds", `{"rounds":$rounds}`, "/v1/cycles/$cycle"),
	changes("setCycleState", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/cycles/$cycle/state", `{"state":"paused"}`, "/v1/cycles/$cycle"),
	reads("getCriteria", "++.. ++ +++ +++ +++ xs+ +sssss .-", "/v1/cycles/$cycle/criteria"),
	reads("getReadiness", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/cycles/$cycle/readiness"),
	lists("listEnrolments", "++oo oo +oo ooo ooo os+ ssssss o-", "/v1/enrolments", "$enrolment"),
	makes("createEnrolment", "++?? xx xxx ??? xx? ?s+ ssssss ?-", "/v1/enrolments", `{"cycle_id":"$cycle","mentor_id":"$spare"}`),
	changes("updateEnrolment", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/enrolments/$enrolment", `{"endorsed":false}`, "/v1/enrolments#$enrolment"),
	lists("listSupervisorAssignments", "++oo +o ooo ooo ooo os+ ssssss o-", "/v1/supervisor-assignments", "$assignment"),
	makes("createSupervisorAssignment", "++?? xx xxx xxx xxx ss+ ssssss ?-", "/v1/supervisor-assignments", `{"cycle_id":"$cycle","supervisor_id":"$sparesup"}`),
	reads("listConstraints", "++++ ++ +++ +++ +++ +++ ++++++ +-", "/v1/constraints"),

	// Runs and plans: who manages the cycle; a supervisor sees and moves their own sessions of a plan.
	lists("listPlanRuns", "++oo xx xxx xxx xxx ss+ ssssss o-", "/v1/plan-runs", "$run"),
	reads("getPlanRun", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/plan-runs/$run"),
	makes("createPlanRun", "++?? xx xxx xxx xxx ss+ ssssss ?-", "/v1/plan-runs", seedRun),
	reads("getPlanRunProgress", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/plan-runs/$run/progress"),
	changes("cancelPlanRun of the second programme", "+.++ xx xxx xxx xxx ss+ ssssss .-", "/v1/plan-runs/$queued/cancellation", `{}`, "/v1/plan-runs/$queued"),
	reads("getPlanRunInstance", "++.. xx xxx xxx xxx sss ssssss .-", "/v1/plan-runs/$run/instance"),
	lists("listPlans", "++oo ++ nnn nnn nnn ss+ ssssss o-", "/v1/plans", "$draft"),
	reads("getPlan", "++.. ++ nnn nnn nnn ss+ ssssss .-", "/v1/plans/$draft"),
	lists("listPlanSessions", "++.. +o nnn nnn nnn ss+ ssssss .-", "/v1/plans/$draft/sessions?page_size=200", "$plan_session"),
	changes("putPin", "++.. +. nnn nnn nnn ss+ ssssss .-", "/v1/plans/$draft/pins/$plan_session", `{"start":true}`, "/v1/plans/$draft"),
	changes("deletePin", "++.. +. nnn nnn nnn ss+ ssssss .-", "/v1/plans/$draft/pins/$plan_session", "", "/v1/plans/$draft"),
	changes("movePlanSession", "++.. +? nnn nnn nnn ss+ ssssss .-", "/v1/plans/$draft/moves", `{"plan_session_id":"$plan_session","start":"$elsewhen"}`, "/v1/plans/$draft"),
	makes("checkMoves", "++.. +? nnn nnn nnn ss+ ssssss .-", "/v1/plans/$draft/move-checks", `{"moves":[{"plan_session_id":"$plan_session","start":"$elsewhen"}]}`),
	changes("publishPlan", "++.. xx xxx xxx xxx ss+ ssssss .-", "/v1/plans/$draft/publication", `{}`, "/v1/plans/$draft"),

	// Placements, groups, sessions: who sits there, who leads it, who runs it. Managers of the line, HR and sponsor do not even
	// learn that they are there; an integration learns when and how, of sessions alone.
	lists("listPlacements", "++oo +o +oo ooo ooo os+ ssssss o-", "/v1/placements", "$placement"),
	reads("getPlacement", "++.. +. +.. ... ... .s+ ssssss .-", "/v1/placements/$placement"),
	changes("acceptPlacement", "xx.. x. +.. ... ... .ss ssssss .-", "/v1/placements/$placement/acceptance", `{}`, "/v1/placements/$placement"),
	changes("objectToPlacement", "xx.. x. +.. ... ... .ss ssssss .-", "/v1/placements/$placement/objection", `{"reason":"I know somebody there."}`, "/v1/placements/$placement"),
	lists("listGroups", "++oo +o ++o xxx xxx xs+ ssssss o-", "/v1/groups", "$group"),
	reads("getGroup", "++.. +. ++. xxx xxx xs+ ssssss .-", "/v1/groups/$group"),
	lists("listSessions: a group's", "++oo +o ++o xxx xxx xs+ +sssss o-", "/v1/sessions?page_size=200", "$group_session1"),
	lists("listSessions: a talk", "++oo +o +oo xxx xxx xs+ +sssss o-", "/v1/sessions?page_size=200", "$individual_session1"),
	reads("getSession: a group's", "++.. +. ++. xxx xxx xs+ +sssss .-", "/v1/sessions/$group_session1"),
	reads("getSession: a talk", "++.. +. +.. xxx xxx xs+ +sssss .-", "/v1/sessions/$individual_session1"),
	changes("putAnswer", "xx.. x. +x. ... ... .ss ssssss .-", "/v1/sessions/$group_session2/answers/$mentor", `{"answer":"accepted","revision":$revision}`, "answer"),
}

var accessToCalendars = []access{
	// Calendars: one's own; the operator sees whether a connection works.
	lists("listCalendarConnections", "oooo oo +oo ooo oo+ oss ssssss o-", "/v1/calendar-connections", "$connection"),
	reads("getCalendarConnection", ".... .. +.. ... ..+ .ss ssssss .-", "/v1/calendar-connections/$connection"),
	makes("createCalendarConnection", "++++ ++ +++ +++ +++ +ss ssssss +-", "/v1/calendar-connections", `{"kind":"caldav","url":"https://dav.a.example/","user":"me","password":"secret"}`),
	changes("updateCalendarConnection", ".... .. +.. ... ..x .ss ssssss .-", "/v1/calendar-connections/$connection", `{"name":"New"}`, "/v1/calendar-connections/$connection"),
	changes("deleteCalendarConnection", ".... .. +.. ... ..x .ss ssssss .-", "/v1/calendar-connections/$connection", "", "/v1/calendar-connections/$connection"),
	changes("syncConnection", ".... .. +.. ... ..x .ss ssssss .-", "/v1/calendar-connections/$connection/sync", "", "/v1/calendar-connections/$connection"),
	reads("getDeclaredAvailability", "x... x. +.. ... ... .ss ssssss .-", "/v1/people/$mentor/declared-availability"),
	changes("putDeclaredAvailability", "x... x. +.. ... ... .ss ssssss .-", "/v1/people/$mentor/declared-availability", `{"time_zone":"Europe/Copenhagen","weekly":[]}`, "/v1/people/$mentor/declared-availability"),
	reads("getAvailability", "x... x. +.. ... ... .ss ssssss .-", "/v1/people/$mentor/availability?from=2027-01-04T00:00:00Z&to=2027-01-11T00:00:00Z"),

	// Feeds: one's own, and for who holds the address.
	lists("listFeeds", "oooo oo +oo ooo ooo oss ssssss o-", "/v1/feeds", "$feed"),
	makes("createFeed", "++++ ++ +++ +++ +++ +ss ssssss +-", "/v1/feeds", `{"name":"Desk"}`),
	changes("deleteFeed", ".... .. +.. ... ... .ss ssssss .-", "/v1/feeds/$feed", "", "/v1/feeds#$feed"),
	changes("rotateFeed", ".... .. +.. ... ... .ss ssssss .-", "/v1/feeds/$feed/rotation", "", "/v1/feeds#$feed"),
	reads("readFeed", "++++ ++ +++ +++ +++ +++ ++++++ ++", "/feeds/$feed_secret/calendar.ics"),
	reads("headFeed", "++++ ++ +++ +++ +++ +++ ++++++ ++", "/feeds/$feed_secret/calendar.ics"),

	// The service itself.
	reads("getHealth", "++++ ++ +++ +++ +++ +++ ++++++ ++", "/healthz"),
	reads("getReady", "++++ ++ +++ +++ +++ +++ ++++++ ++", "/readyz"),
	reads("getProblem", "++++ ++ +++ +++ +++ +++ ++++++ ++", "/problems/slot-taken"),
}
