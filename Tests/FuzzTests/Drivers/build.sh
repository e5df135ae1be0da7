#!/bin/bash
# build.sh parser|evaluator OUT: makes a libFuzzer program of one target in the folder OUT, which may not lie in the
# repository, and unpacks what earlier runs have found into OUT/corpus. Then:
#   SWIFT_BACKTRACE=enable=no OUT/fuzz OUT/corpus -max_total_time=1800
#   OUT/fuzz -merge=1 OUT/merged OUT/corpus && for f in OUT/merged/*; do base64 -w 0 "$f"; echo; done > …/grown.base64
set -euo pipefail
target=$1
out=$(mkdir -p "$2" && cd "$2" && pwd)
root=$(cd "$(dirname "$0")/../../.." && pwd)
flags=(-O -wmo -parse-as-library -swift-version 6 -sanitize=fuzzer -enable-testing -I "$out"
  -I "$root/Sources/CKernels/include" -I "$root/Sources/CLMDB"
  -enable-experimental-feature Lifetimes -enable-upcoming-feature ExistentialAny
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility
  -enable-upcoming-feature NonisolatedNonsendingByDefault)

module() {
  local name=$1 folder=$2
  find "$folder" -name '*.swift' -print0 | xargs -0 swiftc "${flags[@]}" -module-name "$name" -emit-module \
    -emit-module-path "$out/$name.swiftmodule" -c -o "$out/$name.o"
}

printf 'module CKernels {\n  header "%s/Sources/CKernels/include/CKernels.h"\n  export *\n}\n' "$root" \
  > "$out/module.modulemap"
for file in "$root"/Sources/CKernels/*.c; do
  clang -O2 -I "$root/Sources/CKernels/include" -c "$file" -o "$out/$(basename "$file").o"
done
module Base "$root/Sources/Base"
module ScoringCore "$root/Sources/ScoringCore"
module TestSupport "$root/Tests/TestSupport"
case $target in
  parser)
    for name in Analysis Store Index Query; do module "$name" "$root/Sources/$name"; done
    sources=("$root/Tests/FuzzTests/ParserFuzz.swift" "$root/Tests/FuzzTests/Drivers/ParserDriver.swift")
    libraries=(-llmdb)
    ;;
  evaluator)
    sources=("$root/Tests/FuzzTests/EvaluatorFuzz.swift" "$root/Tests/FuzzTests/Drivers/EvaluatorDriver.swift")
    libraries=()
    ;;
esac
swiftc "${flags[@]}" -module-name Fuzz "${sources[@]}" -c -o "$out/Fuzz.o"
swiftc -sanitize=fuzzer "$out"/*.o "${libraries[@]}" -o "$out/fuzz"

mkdir -p "$out/corpus"
for file in "$root/Tests/FuzzTests/Corpus/$target"/seed-*; do cp "$file" "$out/corpus/"; done
number=0
while read -r line; do
  number=$((number + 1))
  base64 -d <<< "$line" > "$out/corpus/grown-$number"
done < "$root/Tests/FuzzTests/Corpus/$target/grown.base64"
