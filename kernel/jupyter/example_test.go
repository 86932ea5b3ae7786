package jupyter_test

import (
	"fmt"

	"github.com/golmm/golmm/kernel/jupyter"
)

// What does a message look like on the wire?
func ExampleCodec_Encode() {
	m := &jupyter.Message{
		Header:  jupyter.Header{MsgID: "1", MsgType: "execute_request", Session: "s", Version: "5.4"},
		Content: []byte(`{"code":"%%"}`),
	}
	frames, err := jupyter.Codec{Key: []byte("secret")}.Encode(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range frames {
		fmt.Printf("%s\n", f)
	}
	// Output:
	// <IDS|MSG>
	// 11aab3b63707aa9af80d4b825a9366225513c241f7f41a2ccb7a7aefafe6378f
	// {"date":"","msg_id":"1","msg_type":"execute_request","session":"s","username":"","version":"5.4"}
	// {}
	// {}
	// {"code":"%%"}
}
