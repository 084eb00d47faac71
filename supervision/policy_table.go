package supervision

// Who may do what, in one place. What is not granted here is denied.
//
// A row reads: the action, the scopes by which a token opens it, and relation → view for those who may. `See` names the
// reading action of the same object.

func to(v View, kinds ...RelationKind) (grants []Grant) {
	for _, k := range kinds {
		grants = append(grants, Grant{Relation: k, View: v})
	}
	return grants
}

// by opens grants to a token by one scope alone.
func by(s Scope, grants []Grant) (narrow []Grant) {
	for _, g := range grants {
		g.Scope = s
		narrow = append(narrow, g)
	}
	return narrow
}

func join(lists ...[]Grant) (all []Grant) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var (
	scopeSelf      = []Scope{ScopeSelf}
	scopePlanning  = []Scope{ScopePlanning}
	scopeOwn       = []Scope{ScopeSelf, ScopePlanning}
	scopeRead      = []Scope{ScopeSelf, ScopeLogisticsRead, ScopePlanning}
	scopeLogistics = []Scope{ScopeLogisticsRead, ScopePlanning}
	scopeMoves     = []Scope{ScopeLogisticsWrite, ScopePlanning}
	scopeImports   = []Scope{ScopePlanning, ScopePeopleImport, ScopeLinesImport, ScopePairsImport}

	own        = to(ViewOwner, Self)
	houseRun   = to(ViewManager, ManagerIn, OperatorIn)
	peopleRun  = to(ViewManager, ManagerIn)
	personSeen = join(peopleRun, own, to(ViewSupervisor, SupervisorOf))
	lineSeen   = join(peopleRun, own, to(ViewMember, ManagerOf))
	pairSeen   = join(peopleRun, own, to(ViewMember, ManagerOf), to(ViewSupervisor, SupervisorOf))
	cycleRun   = to(ViewManager, Manages)
	cycleSeen  = join(cycleRun, to(ViewReader, TakesPartIn, Sponsors, HROf, IntegrationIn))
	// What a programme is for and by what its cycles are planned is for everybody around: mentees, and managers of mentors and mentees.
	framed      = join(cycleSeen, to(ViewReader, MenteeOf, ManagerOf, ManagerOfMenteeOf, OperatorIn))
	planSeen    = join(by(ScopePlanning, cycleRun), to(ViewSupervisor, SupervisesIn))
	groupSeen   = join(to(ViewManager, Manages), to(ViewSupervisor, Leads), to(ViewMember, MemberOf))
	sessionSeen = join(to(ViewSupervisor, Leads), to(ViewMember, MemberOf), to(ViewManager, Manages), to(ViewLogistics, IntegrationIn)) // a manager sees their own as a member
	seatSeen    = join(own, cycleRun, to(ViewSupervisor, Leads))
)

var table = []Row{
	// Me, tokens, tenant.
	{Action: "getMe", Anyone: true},
	{Action: "listTokens", Scopes: scopeSelf, Grants: join(own, houseRun)},
	{Action: "createToken", Grants: join(own, houseRun)},
	{Action: "revokeToken", Scopes: scopeSelf, Grants: join(own, to(ViewManager, OperatorIn)), See: "listTokens"},
	{Action: "listJobs", Scopes: scopeOwn, Grants: join(own, to(ViewManager, OperatorIn))},
	{Action: "getJob", Scopes: scopeOwn, Grants: join(own, to(ViewManager, OperatorIn))},
	{Action: "listAuditEntries", Scopes: scopeOwn, Grants: join(houseRun, own)},

	// Organisations, people, lines, pairs. The rows with a slash are parts of an operation that have their own answer.
	{Action: "createImport", Scopes: scopeImports, Grants: to(ViewOwner, ManagerIn, HRIn, IntegrationIn)},
	{Action: "createImport/organisations", Scopes: scopePlanning, Grants: to(ViewOwner, ManagerIn)},
	{Action: "createImport/people", Scopes: []Scope{ScopePlanning, ScopePeopleImport}, Grants: to(ViewOwner, ManagerIn, IntegrationIn)},
	{Action: "createImport/lines", Scopes: []Scope{ScopePlanning, ScopeLinesImport}, Grants: to(ViewOwner, ManagerIn, HRIn, IntegrationIn)},
	{Action: "createImport/pairs", Scopes: []Scope{ScopePlanning, ScopePairsImport}, Grants: to(ViewOwner, ManagerIn, IntegrationIn)},
	{Action: "getImport", Scopes: scopeImports, Grants: own},
	{Action: "applyImport", Scopes: scopeImports, Grants: own, See: "getImport"},
	{Action: "listOrganisations", Scopes: scopePlanning, Grants: houseRun},
	{Action: "getOrganisation", Scopes: scopePlanning, Grants: houseRun},
	{Action: "createOrganisation", Scopes: scopePlanning, Grants: houseRun},
	{Action: "updateOrganisation", Scopes: scopePlanning, Grants: houseRun, See: "getOrganisation"},
	{Action: "updateOrganisation/competitors", Scopes: scopePlanning, Grants: peopleRun, See: "getOrganisation"},
	{Action: "getHolidays", Scopes: scopePlanning, Grants: houseRun},
	{Action: "putHolidays", Scopes: scopePlanning, Grants: houseRun, See: "getOrganisation"},
	{Action: "listPeople", Scopes: scopeRead, Grants: personSeen},
	{Action: "getPerson", Scopes: scopeRead, Grants: personSeen},
	{Action: "createPerson", Scopes: scopePlanning, Grants: peopleRun},
	{Action: "updatePerson", Scopes: scopeOwn, Grants: join(peopleRun, own), See: "getPerson"},
	{Action: "listRoleAssignments", Scopes: scopePlanning, Grants: houseRun},
	{Action: "createRoleAssignment", Scopes: scopePlanning, Grants: houseRun},
	{Action: "createRoleAssignment/operator", Scopes: scopePlanning, Grants: to(ViewManager, OperatorIn)},
	{Action: "updateRoleAssignment", Scopes: scopePlanning, Grants: houseRun, See: "listRoleAssignments"},
	{Action: "listReportingLines", Scopes: scopeOwn, Grants: lineSeen},
	{Action: "createReportingLine", Scopes: scopePlanning, Grants: peopleRun},
	{Action: "updateReportingLine", Scopes: scopePlanning, Grants: peopleRun, See: "listReportingLines"},
	{Action: "listPairs", Scopes: scopeOwn, Grants: pairSeen},
	{Action: "getPair", Scopes: scopeOwn, Grants: pairSeen},
	{Action: "createPair", Scopes: scopePlanning, Grants: peopleRun},
	{Action: "updatePair", Scopes: scopePlanning, Grants: peopleRun, See: "getPair"},
	{Action: "setPairState", Scopes: scopePlanning, Grants: peopleRun, See: "getPair"},
	{Action: "listPairMeetings", Scopes: scopeSelf, Grants: own},
	{Action: "createPairMeeting", Scopes: scopeSelf, Grants: own, See: "getPair"},
	{Action: "deletePairMeeting", Scopes: scopeSelf, Grants: own, See: "listPairMeetings"},

	// Programmes.
	{Action: "listProgrammes", Scopes: scopeRead, Grants: framed},
	{Action: "getProgramme", Scopes: scopeRead, Grants: framed},
	{Action: "createProgramme", Scopes: scopePlanning, Grants: houseRun},
	{Action: "updateProgramme", Scopes: scopePlanning, Grants: cycleRun, See: "getProgramme"},
	{Action: "listPreparations", Scopes: scopeOwn, Grants: join(cycleRun, own, to(ViewSupervisor, SupervisorOf))},
	{Action: "createPreparation", Scopes: scopePlanning, Grants: join(cycleRun, to(ViewSupervisor, SupervisorOf)), See: "getProgramme"},
	{Action: "updatePreparation", Scopes: scopePlanning, Grants: join(cycleRun, to(ViewSupervisor, SupervisorOf)), See: "listPreparations"},

	// Cycles.
	{Action: "listCycleTemplates", Scopes: scopeLogistics, Grants: join(houseRun, to(ViewReader, TakesPartIn, Manages))},
	{Action: "getCycleTemplate", Scopes: scopeLogistics, Grants: join(houseRun, to(ViewReader, TakesPartIn, Manages))},
	{Action: "createCycleTemplate", Scopes: scopePlanning, Grants: peopleRun},
	{Action: "listCycles", Scopes: scopeRead, Grants: cycleSeen},
	{Action: "getCycle", Scopes: scopeRead, Grants: cycleSeen},
	{Action: "createCycle", Scopes: scopePlanning, Grants: cycleRun, See: "getProgramme"},
	{Action: "updateCycle", Scopes: scopePlanning, Grants: cycleRun, See: "getCycle"},
	{Action: "putRounds", Scopes: scopePlanning, Grants: cycleRun, See: "getCycle"},
	{Action: "setCycleState", Scopes: scopePlanning, Grants: cycleRun, See: "getCycle"},
	{Action: "getCriteria", Scopes: scopeRead, Grants: framed},
	{Action: "getReadiness", Scopes: scopePlanning, Grants: cycleRun, See: "getCycle"},
	{Action: "listEnrolments", Scopes: scopeOwn, Grants: join(cycleRun, own)},
	{Action: "createEnrolment", Scopes: scopeOwn, Grants: join(cycleRun, own), See: "getCycle"},
	{Action: "createEnrolment/network", Scopes: scopeOwn, Grants: own},
	{Action: "updateEnrolment", Scopes: scopePlanning, Grants: cycleRun, See: "listEnrolments"},
	{Action: "listSupervisorAssignments", Scopes: scopeOwn, Grants: join(cycleRun, own)},
	{Action: "createSupervisorAssignment", Scopes: scopePlanning, Grants: cycleRun, See: "getCycle"},
	{Action: "listConstraints", Anyone: true},

	// Calendars and time.
	{Action: "listCalendarConnections", Scopes: scopeSelf, Grants: join(own, to(ViewHealth, OperatorIn))},
	{Action: "getCalendarConnection", Scopes: scopeSelf, Grants: join(own, to(ViewHealth, OperatorIn))},
	{Action: "createCalendarConnection", Scopes: scopeSelf, Grants: own},
	{Action: "updateCalendarConnection", Scopes: scopeSelf, Grants: own, See: "getCalendarConnection"},
	{Action: "deleteCalendarConnection", Scopes: scopeSelf, Grants: own, See: "getCalendarConnection"},
	{Action: "syncConnection", Scopes: scopeSelf, Grants: own, See: "getCalendarConnection"},
	{Action: "getDeclaredAvailability", Scopes: scopeSelf, Grants: own, See: "getPerson"},
	{Action: "putDeclaredAvailability", Scopes: scopeSelf, Grants: own, See: "getPerson"},
	{Action: "getAvailability", Scopes: scopeSelf, Grants: own, See: "getPerson"},

	// Planning.
	{Action: "listPlanRuns", Scopes: scopePlanning, Grants: cycleRun},
	{Action: "getPlanRun", Scopes: scopePlanning, Grants: cycleRun},
	{Action: "createPlanRun", Scopes: scopePlanning, Grants: cycleRun, See: "getCycle"},
	{Action: "getPlanRunProgress", Scopes: scopePlanning, Grants: cycleRun},
	{Action: "cancelPlanRun", Scopes: scopePlanning, Grants: cycleRun, See: "getPlanRun"},
	{Action: "getPlanRunInstance", Scopes: []Scope{ScopePlanInstance}, Grants: cycleRun, See: "getPlanRun"},
	{Action: "listPlans", Scopes: scopeLogistics, Grants: planSeen},
	{Action: "getPlan", Scopes: scopeLogistics, Grants: planSeen},
	{Action: "listPlanSessions", Scopes: scopeLogistics, Grants: planSeen},
	{Action: "putPin", Scopes: scopeMoves, Grants: planSeen, See: "getPlan"},
	{Action: "deletePin", Scopes: scopeMoves, Grants: planSeen, See: "getPlan"},
	{Action: "movePlanSession", Scopes: scopeMoves, Grants: planSeen, See: "getPlan"},
	{Action: "checkMoves", Scopes: scopeMoves, Grants: planSeen, See: "getPlan"},
	{Action: "publishPlan", Scopes: scopePlanning, Grants: cycleRun, See: "getPlan"},
	{Action: "listPlacements", Scopes: scopeRead, Grants: seatSeen},
	{Action: "getPlacement", Scopes: scopeRead, Grants: seatSeen},
	{Action: "acceptPlacement", Scopes: scopeSelf, Grants: own, See: "getPlacement"},
	{Action: "objectToPlacement", Scopes: scopeSelf, Grants: own, See: "getPlacement"},

	// Groups and sessions.
	{Action: "listGroups", Scopes: scopeRead, Grants: groupSeen},
	{Action: "getGroup", Scopes: scopeRead, Grants: groupSeen},
	{Action: "listSessions", Scopes: scopeRead, Grants: sessionSeen},
	{Action: "getSession", Scopes: scopeRead, Grants: sessionSeen},
	{Action: "putAnswer", Scopes: scopeSelf, Grants: own, See: "getSession"},

	// Subscriptions.
	{Action: "listFeeds", Scopes: scopeSelf, Grants: own},
	{Action: "createFeed", Scopes: scopeSelf, Grants: own},
	{Action: "deleteFeed", Scopes: scopeSelf, Grants: own, See: "listFeeds"},
	{Action: "rotateFeed", Scopes: scopeSelf, Grants: own, See: "listFeeds"},
}
