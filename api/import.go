package api

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

// findingPosition is where a page of an import's findings ended, in which version of it.
type findingPosition struct {
	Version int `json:"version"`
	At      int `json:"at"`
}

// importJSON renders an import with the findings from a place on.
func importJSON(s service.Seen[supervision.Import], from, size int) contract.Import {
	i := s.Object
	j := contract.Import{
		ID: contract.ID(i.ID), Etag: tagOf(i.Version, s.View), Kind: contract.ImportKind(i.Kind), Mode: contract.ImportModePartial, Apply: contract.ImportApplyNever,
		State: contract.ImportState(i.State), Created: i.Created, Updated: i.Updated, Unchanged: i.Unchanged, Ended: i.Ended, Faults: i.Faults(),
		Ids: map[string]supervision.UUID{}, Rows: []contract.ImportFinding{}, NextCursor: Null[string](nil), CreatedAt: i.MadeAt,
	}
	if i.Full {
		j.Mode = contract.ImportModeFull
	}
	if i.Apply {
		j.Apply = contract.ImportApplyIfClean
	}
	for key, id := range i.IDs {
		j.Ids[key] = id
	}
	j.Warnings = len(i.Findings) - j.Faults
	for _, f := range i.Findings[min(from, len(i.Findings)):min(from+size, len(i.Findings))] {
		severity := contract.ImportFindingSeverityFault
		if f.Warning {
			severity = contract.ImportFindingSeverityWarning
		}
		j.Rows = append(j.Rows, contract.ImportFinding{Line: f.Line, Pointer: f.Pointer, Severity: severity, Code: f.Code, Detail: f.Detail})
	}
	return j
}

// importRows numbers JSON rows and gives them the columns that they name; lists are joined as in a list that was read as CSV.
func importRows(body []contract.ImportRow) ([]supervision.ImportRow, error) {
	rows := make([]supervision.ImportRow, len(body))
	for i, b := range body {
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		var members map[string]any
		if err := json.Unmarshal(raw, &members); err != nil {
			return nil, err
		}
		columns := map[string]string{}
		for name, v := range members {
			switch v := v.(type) {
			case string:
				columns[name] = v
			case float64:
				columns[name] = strconv.Itoa(int(v))
			case []any:
				values := make([]string, len(v))
				for k, x := range v {
					values[k], _ = x.(string)
				}
				columns[name] = strings.Join(values, supervision.ListSeparator)
			}
		}
		rows[i] = supervision.ImportRow{Line: i + 1, Columns: columns}
	}
	return rows, nil
}

// CreateImport answers POST /v1/imports.
func (h *Handlers) CreateImport(ctx context.Context, r contract.CreateImportRequestObject) (contract.CreateImportResponseObject, error) {
	i := supervision.Import{
		Kind: supervision.ImportKind(r.Params.Kind), Full: or(r.Params.Mode, "partial") == "full", Apply: or(r.Params.Apply, "if_clean") == "if_clean",
	}
	var err error
	if r.JSONBody != nil {
		i.Rows, err = importRows(r.JSONBody.Rows)
	} else {
		i.Rows, err = roster.ReadCSV(r.Body, i.Kind)
	}
	if err != nil {
		return nil, err
	}
	out, err := h.Roster.CreateImport(ctx, callOf(ctx), i)
	if err != nil {
		return nil, err
	}
	j := importJSON(out.Value, 0, 0)
	return contract.CreateImport202JSONResponse{Body: j, Headers: contract.CreateImport202ResponseHeaders{
		ETag: j.Etag, Location: "/v1/imports/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// GetImport answers GET /v1/imports/{id}.
func (h *Handlers) GetImport(ctx context.Context, r contract.GetImportRequestObject) (contract.GetImportResponseObject, error) {
	id, err := PathID[supervision.ImportID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Roster.GetImport(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	var at findingPosition
	ok, err := h.Cursors.Open(ctx, &at)
	if err != nil {
		return nil, err
	}
	if ok && at.Version != s.Object.Version {
		return nil, &supervision.Error{Kind: supervision.Invalid, Code: "invalid-cursor", Detail: "The import has moved on since. Begin again without a cursor.",
			Fields: []supervision.Field{{Parameter: "cursor", Code: "invalid-cursor", Detail: "The import has moved on since."}}}
	}
	size := or(r.Params.PageSize, 50)
	j := importJSON(s, at.At, size)
	if at.At+size < len(s.Object.Findings) {
		cursor, err := h.Cursors.Seal(ctx, findingPosition{s.Object.Version, at.At + size})
		if err != nil {
			return nil, err
		}
		j.NextCursor = Null(&cursor)
	}
	return contract.GetImport200JSONResponse{Body: j, Headers: contract.GetImport200ResponseHeaders{ETag: j.Etag}}, nil
}

// ApplyImport answers POST /v1/imports/{id}/application.
func (h *Handlers) ApplyImport(ctx context.Context, r contract.ApplyImportRequestObject) (contract.ApplyImportResponseObject, error) {
	id, err := PathID[supervision.ImportID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Roster.ApplyImport(ctx, callOf(ctx), id, r.Body != nil && or(r.Body.ConfirmMassChange, false))
	if err != nil {
		return nil, err
	}
	j := importJSON(out.Value, 0, 0)
	return contract.ApplyImport202JSONResponse{Body: j, Headers: contract.ApplyImport202ResponseHeaders{
		ETag: j.Etag, Location: "/v1/imports/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}
