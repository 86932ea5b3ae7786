package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxField  = 1 << 20  // bytes; a longer one is a quote that was not closed
	maxRecord = 64 << 20 // bytes; a longer one is not a table of text
)

// field is one field of a record.
type field struct {
	text   []byte // unquoted; valid until the next record is read
	quoted bool
	at     int // offset of its first byte in the record
}

// scanner splits comma-separated values (RFC 4180) into records of fields. It
// differs from encoding/csv in that it tells quoted fields from bare ones,
// trims spaces around bare ones, and says what to do about errors.
type scanner struct {
	r      *bufio.Reader
	eol    byte // '\n', or '\r' in files of old Macintoshes
	delim  byte
	line   int    // number of the first line of the record
	lines  int    // lines read so far
	record []byte // the record, without its line end
	long   []byte // the buffer of records of several lines
	fields []field
	plain  []byte // texts of quoted fields with quotes inside
	limit  string // how far a closing quote was looked for, in words
}

// next reads the next record that is not blank and splits it into s.fields.
// At the end of the input it returns io.EOF.
func (s *scanner) next() error {
	for {
		if err := s.read(); err != nil {
			return err
		}
		if len(bytes.Trim(s.record, " \r")) > 0 {
			return s.split()
		}
	}
}

// read takes lines until all quotes are closed: a quote inside a quoted field
// is doubled, so that a complete record has an even number of quotes.
func (s *scanner) read() error {
	s.line = s.lines + 1
	line, err := s.readLine()
	if err != nil {
		return err
	}
	s.record = line
	if bytes.Count(line, []byte{'"'})%2 == 0 {
		return s.check()
	}
	s.long = append(s.long[:0], line...)
	s.limit = "within 1 MiB"
	for open := true; open && len(s.long)-len(line) <= maxField; {
		more, err := s.readLine()
		if errors.Is(err, io.EOF) {
			s.limit = "before the end of the file"
			break
		}
		if err != nil {
			return err
		}
		s.long = append(append(s.long, '\n'), more...)
		open = bytes.Count(more, []byte{'"'})%2 == 0
	}
	s.record = s.long
	return s.check()
}

// readLine returns the next line without its end. It is valid until the next
// call.
func (s *scanner) readLine() ([]byte, error) {
	line, err := s.r.ReadSlice(s.eol)
	if errors.Is(err, bufio.ErrBufferFull) {
		whole := bytes.Clone(line)
		for errors.Is(err, bufio.ErrBufferFull) {
			if len(whole) > maxRecord {
				return nil, &CSVError{Line: s.lines + 1, Msg: "a line of more than 64 MiB", Try: "check that the file is a table of text"}
			}
			line, err = s.r.ReadSlice(s.eol)
			whole = append(whole, line...)
		}
		line = whole
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &CSVError{Line: s.lines + 1, Msg: "reading stopped: " + err.Error(), Err: err,
			Try: "check that the file is complete"}
	}
	if len(line) == 0 {
		return nil, io.EOF
	}
	s.lines++
	line = bytes.TrimSuffix(line, []byte{s.eol})
	return bytes.TrimSuffix(line, []byte{'\r'}), nil
}

// check refuses what is not text.
func (s *scanner) check() error {
	if at := bytes.IndexByte(s.record, 0); at >= 0 {
		return s.errorAt(at, "a zero byte: this is not a text file", "export the data as CSV, in UTF-8")
	}
	if utf8.Valid(s.record) {
		return nil
	}
	for at := 0; ; {
		r, size := utf8.DecodeRune(s.record[at:])
		if r == utf8.RuneError && size == 1 {
			return s.errorAt(at, fmt.Sprintf("the byte 0x%02X is not UTF-8; the file may be in Latin-1 (Windows-1252)", s.record[at]),
				"save it as UTF-8, or convert it with iconv -f WINDOWS-1252 -t UTF-8")
		}
		at += size
	}
}

// split cuts the record at its delimiters.
func (s *scanner) split() error {
	s.fields, s.plain = s.fields[:0], s.plain[:0]
	rec := s.record
	for at := 0; ; {
		start := at
		for at < len(rec) && isBlank(rec[at], s.delim) {
			at++
		}
		var err error
		if at < len(rec) && rec[at] == '"' {
			at, err = s.quotedField(at)
		} else {
			at, err = s.bareField(start, at)
		}
		if err != nil {
			return err
		}
		if f := s.fields[len(s.fields)-1]; len(f.text) > maxField {
			return s.errorAt(f.at, "a field of more than 1 MiB", "check the quotes around it, and that the file is a table of text")
		}
		if at == len(rec) {
			return nil
		}
		at++ // the delimiter
	}
}

// bareField adds the field without quotes whose text begins at offset text,
// and returns the offset of its end.
func (s *scanner) bareField(start, text int) (end int, err error) {
	rest := s.record[text:]
	end = len(s.record)
	if k := bytes.IndexByte(rest, s.delim); k >= 0 {
		end = text + k
	}
	last := end
	for last > text && isBlank(s.record[last-1], s.delim) {
		last--
	}
	f := field{text: s.record[text:last], at: start}
	if k := bytes.IndexByte(f.text, '"'); k >= 0 {
		return 0, s.errorAt(text+k, `a quote (") inside a field that does not begin with one`,
			`write the field in quotes and double the quotes inside it, as in "a 5"" pot"`)
	}
	s.fields = append(s.fields, f)
	return end, nil
}

// quotedField adds the field whose opening quote is at offset open, and
// returns the offset of its end.
func (s *scanner) quotedField(open int) (end int, err error) {
	rec := s.record
	from := open + 1 // what was not yet copied to s.plain
	plainFrom := len(s.plain)
	for at := from; ; {
		k := bytes.IndexByte(rec[at:], '"')
		if k < 0 {
			return 0, s.errorAt(open, "the quote that opens here is not closed "+s.limit,
				`close it, or double it if it belongs to the text, as in "a 5"" pot"`)
		}
		at += k + 1
		if at < len(rec) && rec[at] == '"' { // a doubled quote: keep one
			s.plain = append(s.plain, rec[from:at]...)
			at++
			from = at
			continue
		}
		text := rec[from : at-1]
		if len(s.plain) > plainFrom {
			s.plain = append(s.plain, text...)
			text = s.plain[plainFrom:]
		}
		for at < len(rec) && isBlank(rec[at], s.delim) {
			at++
		}
		if at < len(rec) && rec[at] != s.delim {
			return 0, s.errorAt(at, fmt.Sprintf("%s after the closing quote, where the field should end", describe(rec[at:])),
				`double the quotes that belong to the text, as in "a 5"" pot"`)
		}
		s.fields = append(s.fields, field{text: text, quoted: true, at: open})
		return at, nil
	}
}

// errorAt is a CSVError at an offset of the record.
func (s *scanner) errorAt(offset int, msg, try string) *CSVError {
	before := s.record[:offset]
	line := s.line + bytes.Count(before, []byte{'\n'})
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return &CSVError{Line: line, Column: column, Msg: msg, Try: try}
}

func isBlank(b, delim byte) bool { return (b == ' ' || b == '\t' || b == '\r') && b != delim }

// describe names the character at the start of text for a message.
func describe(text []byte) string {
	r, _ := utf8.DecodeRune(text)
	return fmt.Sprintf("%q", r)
}
