-- Databases whose encodings lack the characters of pictures: ASCII stands in for them. LATIN1 has a micro sign, LATIN2 has none.
SET client_min_messages = warning;
CREATE DATABASE regress_latin1 TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C';
CREATE DATABASE regress_latin2 TEMPLATE template0 ENCODING LATIN2 LC_COLLATE 'C' LC_CTYPE 'C';
CREATE DATABASE regress_ascii TEMPLATE template0 ENCODING SQL_ASCII LC_COLLATE 'C' LC_CTYPE 'C';
\set here :DBNAME
\c regress_latin1
CREATE EXTENSION benchresults_fdw;
SELECT bench_sparkline('{1,2,3,4,5,6,7,8,NULL,1}');
SELECT * FROM bench_histogram('{1,2,2,2,2,3}', 3, 10);
SELECT bench_boxplot('{1,2,3}', width => 11);
SELECT encode(convert_to(bench_format_duration(0.5), 'LATIN1'), 'escape');
\c regress_latin2
CREATE EXTENSION benchresults_fdw;
SELECT bench_sparkline('{1,2,3,4,5,6,7,8,NULL,1}'), bench_format_duration(0.5);
\c regress_ascii
CREATE EXTENSION benchresults_fdw;
SELECT bench_sparkline('{1,2,3,4,5,6,7,8,NULL,1}'), bench_format_duration(0.5);
\c :here
DROP DATABASE regress_latin1;
DROP DATABASE regress_latin2;
DROP DATABASE regress_ascii;
