// Package cache keeps on disk what took long to compute: the search of a fit,
// profiles, replicates. The next program that asks for the same result, with
// the same data, formula, options and code, reads it.
//
//	store := cache.Open(cache.FromEnvironment())
//	m, from, err := cache.Fit(store, "Reaction ~ Days + (Days | Subject)", sleep, nil)
//
// A fit is kept as what its search found, and rebuilt by one evaluation of the
// criterion, which also proves that it belongs to the data. Nothing that the
// cache meets is an error of the result: a damaged entry is computed anew, and
// a full disk costs a note.
//
// An entry is a file named after its Key, written under another name and
// renamed, so that programs at the same time see whole entries or none. Once
// the folder exceeds its limit, the entries that were not used for longest go.
//
//	GOLMM_CACHE       on (default), off, or quiet: on, but results do not say it
//	GOLMM_CACHE_SIZE  limit of the folder, such as 256MB (default) or 2GB
//	GOLMM_CACHE_LEAST what a result must have taken to be kept: 50ms (default), 0s for all
//
// Read key.go, options.go, model.go and code.go (what a result depends on),
// codec.go and decode.go (values as bytes), entry.go (the file), store.go,
// evict.go, memo.go, then fit.go.
package cache
