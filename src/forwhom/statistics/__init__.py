"""What personas and evidence both compute with: membership, effect sizes, samples."""
