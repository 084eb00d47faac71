package api

import (
	"context"

	"kreds/api/contract"
	"kreds/scheduling"
	"kreds/service/planning"
)

// judges are the words for those who judge a rule, in the order of the list.
var judges = []struct {
	by   scheduling.Judged
	word contract.ConstraintJudged
}{
	{scheduling.ByPlanner, contract.ConstraintJudgedPlan}, {scheduling.ByEligibility, contract.ConstraintJudgedEligibility},
	{scheduling.ByConfirmation, contract.ConstraintJudgedConfirmation}, {scheduling.Afterwards, contract.ConstraintJudgedAfterwards},
}

// unsaid is how the law writes that there is nothing to say.
const unsaid = "–"

func constraintJSON(c planning.Constraint) contract.Constraint {
	if w := c.Wish; w != nil {
		change := "its weight, 0 to 100"
		return contract.Constraint{
			ID: w.ID, Kind: contract.ConstraintKindWish, Theme: Null[string](nil), Sentence: w.Sentence, Judged: []contract.ConstraintJudged{contract.ConstraintJudgedPlan},
			Default: Null[string](nil), Change: Null(&change), Weight: Null(&w.Weight),
		}
	}
	r := c.Rule
	j := contract.Constraint{
		ID: r.ID, Kind: contract.ConstraintKindRule, Theme: NullIf(string(r.Theme)), Sentence: r.Sentence, Judged: []contract.ConstraintJudged{},
		Default: NullIf(said(r.Default)), Change: NullIf(said(r.Change)), NeverRelaxed: r.Never, Weight: Null[int](nil),
	}
	for _, judge := range judges {
		if r.Judged&judge.by != 0 {
			j.Judged = append(j.Judged, judge.word)
		}
	}
	return j
}

func said(text string) string {
	if text == unsaid {
		return ""
	}
	return text
}

// ListConstraints answers GET /v1/constraints.
func (h *Handlers) ListConstraints(ctx context.Context, r contract.ListConstraintsRequestObject) (contract.ListConstraintsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	rows, more := h.Planning.ListConstraints(string(or(r.Params.Kind, "")), p.Name, p.Size)
	cursor, err := nextBy(ctx, h, rows, more, func(c planning.Constraint) position { return position{Name: c.ID()} })
	return contract.ListConstraints200JSONResponse{Items: each(rows, constraintJSON), NextCursor: cursor}, err
}
