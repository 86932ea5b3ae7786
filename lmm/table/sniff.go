package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

const bufferSize = 1 << 16

// open prepares a reader of text: it unpacks gzip, skips the byte-order mark,
// refuses what is known not to be text, and finds the line end and the
// delimiter where the options leave it open. guess is the delimiter that the
// name of the file speaks for, 0 for none.
func open(r io.Reader, o *CSVOptions, guess byte) (*scanner, error) {
	if err := checkMarks(o); err != nil {
		return nil, err
	}
	buf := bufio.NewReaderSize(r, bufferSize)
	if magic, _ := buf.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buf)
		if err != nil {
			return nil, &CSVError{Msg: "the file begins like gzip but is damaged: " + err.Error(), Err: err, Try: "copy or compress it again"}
		}
		buf = bufio.NewReaderSize(unzipped, bufferSize)
	}
	if bom, _ := buf.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		buf.Discard(3)
	}
	head, err := buf.Peek(bufferSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &CSVError{Line: 1, Msg: "reading stopped: " + err.Error(), Err: err, Try: "check that the file is complete"}
	}
	if err := checkMagic(head); err != nil {
		return nil, err
	}
	s := &scanner{r: buf, eol: '\n', delim: o.Delimiter}
	if !bytes.Contains(head, []byte{'\n'}) && bytes.Contains(head, []byte{'\r'}) {
		s.eol = '\r'
	}
	if s.delim == 0 {
		s.delim = guess
	}
	if s.delim == 0 {
		s.delim = guessDelimiter(head, s.eol)
	}
	return s, nil
}

func checkMarks(o *CSVOptions) error {
	if o.Decimal == 0 {
		o.Decimal = '.'
	}
	if o.Decimal != '.' && o.Decimal != ',' {
		return fmt.Errorf("CSVOptions.Decimal is %q; it can be '.' or ','", o.Decimal)
	}
	switch d := o.Delimiter; {
	case d == '"' || d == '\n' || d == '\r' || d >= 0x80 || d == o.Decimal || d >= '0' && d <= '9':
		return fmt.Errorf("CSVOptions.Delimiter cannot be %q; use ',', ';', '\\t' or another character that does not occur in numbers", d)
	}
	return nil
}

// checkMagic recognises files that are often taken for CSV.
func checkMagic(head []byte) error {
	for _, k := range []struct{ magic, what, try string }{
		{"PK\x03\x04", "a zip archive, such as an .xlsx workbook or a zipped file", "save the sheet as CSV (UTF-8), or unzip the file"},
		{"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save the sheet as CSV (UTF-8)"},
		{"\xff\xfe", "UTF-16 text", "save it as UTF-8"},
		{"\xfe\xff", "UTF-16 text", "save it as UTF-8"},
		{"PAR1", "a Parquet file", "write it as CSV"},
		{"SQLite format 3\x00", "an SQLite database", "export the table as CSV, or query it and use table.FromSQL"},
		{"%PDF", "a PDF", "export the data as CSV"},
		{"<!DOCTYPE", "a web page, perhaps in place of a download", "download the raw file"},
		{"<html", "a web page, perhaps in place of a download", "download the raw file"},
		{"X\n\x00\x00", "an R data file (.rds)", "write it in R with write.csv(d, row.names = FALSE)"},
		{"RDX", "an R data file (.RData)", "write it in R with write.csv(d, row.names = FALSE)"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return &CSVError{Msg: "this is " + k.what + ", not CSV", Try: k.try}
		}
	}
	return nil
}

// guessDelimiter counts the candidates outside quotes in the first line.
func guessDelimiter(head []byte, eol byte) byte {
	candidates := []byte{',', ';', '\t'}
	counts := make([]int, len(candidates))
	quoted := false
	for _, b := range bytes.TrimLeft(head, "\r\n ") {
		if b == '"' {
			quoted = !quoted
		}
		if b == eol && !quoted {
			break
		}
		if k := bytes.IndexByte(candidates, b); k >= 0 && !quoted {
			counts[k]++
		}
	}
	best := 0
	for k := range candidates {
		if counts[k] > counts[best] {
			best = k
		}
	}
	return candidates[best]
}
