// Go's net/http as its guide shows it: the form as ParseForm reads it. PORT and KEY are the environment's.
package main

import (
	"crypto/md5"
	"fmt"
	"net/http"
	"os"
	"sort"
	"strings"
)

func notify(answer http.ResponseWriter, request *http.Request) {
	if err := request.ParseForm(); err != nil {
		http.Error(answer, "fail", http.StatusBadRequest)
		return
	}
	pairs := []string{}
	for name := range request.PostForm {
		if value := request.PostForm.Get(name); value != "" && name != "sign" && name != "sign_type" {
			pairs = append(pairs, name+"="+value)
		}
	}
	sort.Slice(pairs, func(a, b int) bool {
		return strings.SplitN(pairs[a], "=", 2)[0] < strings.SplitN(pairs[b], "=", 2)[0]
	})
	right := fmt.Sprintf("%x", md5.Sum([]byte(strings.Join(pairs, "&")+os.Getenv("KEY"))))
	if request.PostForm.Get("sign_type") == "MD5" && request.PostForm.Get("sign") == right {
		fmt.Fprint(answer, "success")
		return
	}
	fmt.Fprint(answer, "fail")
}

func main() {
	http.HandleFunc("/notify", notify)
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
