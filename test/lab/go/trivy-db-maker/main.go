// Command trivy-db-maker writes a small Trivy database (bbolt, schema 2) from a JSON file of nested
// buckets, so that scans in the lab have findings that nobody has to download.
//
// Usage: trivy-db-maker advisories.json folder
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// A bucket holds buckets and values; which of the two a field is tells its name.
type node struct {
	Buckets map[string]node            `json:"buckets"`
	Values  map[string]json.RawMessage `json:"values"`
}

type parent interface {
	CreateBucketIfNotExists(name []byte) (*bbolt.Bucket, error)
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: trivy-db-maker advisories.json folder")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(source, folder string) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	var root node
	if err := json.Unmarshal(text, &root); err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	db, err := bbolt.Open(filepath.Join(folder, "trivy.db"), 0o600, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		for name, child := range root.Buckets {
			if err := fill(tx, name, child); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	metadata, err := json.Marshal(map[string]any{
		"Version":    2,
		"UpdatedAt":  now,
		"NextUpdate": now.Add(24 * time.Hour),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "metadata.json"), metadata, 0o600)
}

func fill(in parent, name string, content node) error {
	bucket, err := in.CreateBucketIfNotExists([]byte(name))
	if err != nil {
		return fmt.Errorf("bucket %s: %w", name, err)
	}
	for key, value := range content.Values {
		if err := bucket.Put([]byte(key), value); err != nil {
			return fmt.Errorf("%s in %s: %w", key, name, err)
		}
	}
	for key, child := range content.Buckets {
		if err := fill(bucket, key, child); err != nil {
			return err
		}
	}
	return nil
}
