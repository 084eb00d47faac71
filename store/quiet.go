package store

import "log/slog"

// quiet is for engines that would log on their own what the house logs once, where it is decided.
var quiet = slog.New(slog.DiscardHandler)
