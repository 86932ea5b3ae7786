// Package summary writes the documents that a person reads: the summary of a
// model, the findings of an analysis, the first rows of a table.
//
// It computes nothing but Wald intervals: all numbers come from the results,
// all digits from package report.
package summary
