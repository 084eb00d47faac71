package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/supervision"
)

func criteriaJSON(s service.Seen[planning.Criteria]) contract.Criteria {
	c := s.Object
	return contract.Criteria{
		CycleID: contract.ID(c.Cycle), Etag: tagOf(c.Version, s.View), SilenceIsConsent: c.SilenceCounts, AnswerWorkingDays: c.AnswerDays,
		Rules: each(c.Rules, func(r planning.CriteriaRule) contract.CriteriaRule {
			return contract.CriteriaRule{ID: r.ID, Sentence: r.Sentence, Value: NullIf(r.Value)}
		}),
		Wishes: each(c.Wishes, func(w planning.CriteriaWish) contract.CriteriaWish {
			return contract.CriteriaWish{ID: w.ID, Sentence: w.Sentence, Weight: w.Weight}
		}),
	}
}

// GetCriteria answers GET /v1/cycles/{id}/criteria.
func (h *Handlers) GetCriteria(ctx context.Context, r contract.GetCriteriaRequestObject) (contract.GetCriteriaResponseObject, error) {
	id, err := PathID[supervision.CycleID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetCriteria(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := criteriaJSON(s)
	return contract.GetCriteria200JSONResponse{Body: j, Headers: contract.GetCriteria200ResponseHeaders{ETag: j.Etag}}, nil
}
