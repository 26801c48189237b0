// Command referrers-registry is a registry with the referrers API of the OCI distribution
// specification 1.1, which CNCF distribution lacks. Blobs are kept on disk, manifests in memory.
//
// Usage: referrers-registry host:port folder
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: referrers-registry host:port folder")
		os.Exit(2)
	}
	server := &http.Server{
		Addr: os.Args[1],
		Handler: describeReferrers(registry.New(
			registry.WithReferrersSupport(true),
			registry.WithBlobHandler(registry.NewDiskBlobHandler(os.Args[2])),
		)),
		ReadHeaderTimeout: 10 * time.Second,
	}
	fmt.Fprintln(os.Stderr, server.ListenAndServe())
	os.Exit(1)
}

// describeReferrers adds what go-containerregistry leaves out of the list: the manifest's own
// artifactType and annotations, and the filter by artifactType ("Listing Referrers").
func describeReferrers(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		repository, isReferrers := strings.CutSuffix(path.Dir(r.URL.Path), "/referrers")
		if !isReferrers || r.Method != http.MethodGet {
			inner.ServeHTTP(w, r)
			return
		}
		listed := httptest.NewRecorder()
		inner.ServeHTTP(listed, r)
		var index v1.IndexManifest
		if listed.Code != http.StatusOK || json.Unmarshal(listed.Body.Bytes(), &index) != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(listed.Code)
			_, _ = w.Write(listed.Body.Bytes())
			return
		}
		wanted := r.URL.Query().Get("artifactType")
		described := []v1.Descriptor{}
		for _, descriptor := range index.Manifests {
			address := repository + "/manifests/" + descriptor.Digest.String()
			fetched := httptest.NewRecorder()
			inner.ServeHTTP(fetched, httptest.NewRequest(http.MethodGet, address, nil))
			var manifest struct {
				ArtifactType string            `json:"artifactType"`
				Annotations  map[string]string `json:"annotations"`
			}
			if json.Unmarshal(fetched.Body.Bytes(), &manifest) == nil && manifest.ArtifactType != "" {
				descriptor.ArtifactType = manifest.ArtifactType
			}
			descriptor.Annotations = manifest.Annotations
			if wanted == "" || wanted == descriptor.ArtifactType {
				described = append(described, descriptor)
			}
		}
		index.Manifests = described
		if wanted != "" {
			w.Header().Set("OCI-Filters-Applied", "artifactType")
		}
		w.Header().Set("Content-Type", string(index.MediaType))
		_ = json.NewEncoder(w).Encode(index)
	})
}
