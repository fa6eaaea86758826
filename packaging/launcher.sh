#!/bin/sh
# A shell's settings for other programs are not for this one.
unset NODE_OPTIONS NODE_PATH
exec @NODE@ @FLAGS@@PROGRAM@ "$@"
