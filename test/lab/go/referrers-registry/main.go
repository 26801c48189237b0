// Command referrers-registry is a registry with the referrers API of the OCI distribution
// specification 1.1, which CNCF distribution lacks. Blobs are kept on disk, manifests in memory.
//
// Usage: referrers-registry host:port folder
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: referrers-registry host:port folder")
		os.Exit(2)
	}
	server := &http.Server{
		Addr: os.Args[1],
		Handler: registry.New(
			registry.WithReferrersSupport(true),
			registry.WithBlobHandler(registry.NewDiskBlobHandler(os.Args[2])),
		),
		ReadHeaderTimeout: 10 * time.Second,
	}
	fmt.Fprintln(os.Stderr, server.ListenAndServe())
	os.Exit(1)
}
