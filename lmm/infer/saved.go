package infer

import (
	"encoding/binary"
	"errors"
	"math"
)

// MarshalBinary writes the mixture for a store of results, its draws included.
func (c ChiBar) MarshalBinary() ([]byte, error) {
	to := []byte{0}
	if c.Simulated {
		to[0] = 1
	}
	var draws []float64
	if c.draws != nil {
		draws = c.draws()
	}
	for _, n := range [...]int{c.free, c.dims, len(c.Weights), len(draws)} {
		to = binary.LittleEndian.AppendUint64(to, uint64(n))
	}
	for _, x := range append(c.Weights[:len(c.Weights):len(c.Weights)], draws...) {
		to = binary.LittleEndian.AppendUint64(to, math.Float64bits(x))
	}
	return to, nil
}

// UnmarshalBinary reads what MarshalBinary wrote. Errors: bytes of another
// length, a mixture without weights and draws.
func (c *ChiBar) UnmarshalBinary(b []byte) error {
	const head, most = 1 + 4*8, 1 << 30
	bad := errors.New("infer: this is no mixture of chi-square distributions")
	if len(b) < head || b[0] > 1 || len(b)%8 != 1 {
		return bad
	}
	var n [4]uint64
	for i := range n {
		n[i] = binary.LittleEndian.Uint64(b[1+8*i:])
	}
	if n[0] > most || n[1] > most || n[2] > most || n[3] > most || n[2]+n[3] != uint64(len(b)-head)/8 {
		return bad
	}
	x := make([]float64, n[2]+n[3])
	for i := range x {
		x[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[head+8*i:]))
	}
	*c = ChiBar{Simulated: b[0] == 1, free: int(n[0]), dims: int(n[1])}
	if n[2] > 0 {
		c.Weights = x[:n[2]:n[2]]
	}
	if n[3] > 0 {
		draws := x[n[2]:]
		c.draws = func() []float64 { return draws }
	} else if c.Weights == nil && (c.Simulated || n[0]+n[1] > 0) {
		return bad
	}
	return nil
}
