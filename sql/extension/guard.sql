\echo Use "CREATE EXTENSION benchresults_fdw" to load this file. \quit
