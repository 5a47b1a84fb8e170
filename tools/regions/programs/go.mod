// The three small programs of our own that a region needs; nothing but Go's standard library.
module pulumi-multi-region-postgres/tools/regions/programs

go 1.26
