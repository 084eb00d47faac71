package supervision

// Action is one operation of the contract, by its operationId; every operation has its row in the policy table.
type Action string
