// PostfixAdmin's tables as its three databases write them out.  The rows are
// given once: { table: { columns: [...], rows: [[...]] } }; null is NULL.

import { must } from './run.mjs';

// The columns that its version 3.3 has, by its upgrade notes.
export const columns = {
	admin: ['username', 'password', 'superadmin', 'created', 'active'],
	alias: ['address', 'goto', 'domain', 'created', 'active'],
	alias_domain: ['alias_domain', 'target_domain', 'created', 'active'],
	config: ['id', 'name', 'value'],
	domain: ['domain', 'description', 'aliases', 'mailboxes', 'maxquota',
		'quota', 'transport', 'backupmx', 'created', 'active'],
	domain_admins: ['username', 'domain', 'created', 'active'],
	log: ['timestamp', 'username', 'domain', 'action', 'data'],
	mailbox: ['username', 'password', 'name', 'maildir', 'quota',
		'local_part', 'domain', 'created', 'active'],
	quota2: ['username', 'bytes', 'messages'],
	vacation: ['email', 'subject', 'body', 'domain', 'active']
};
// What PostgreSQL has as boolean.
const booleans = ['active', 'superadmin', 'backupmx'];

const each = (data, f) => Object.entries(columns)
    .map(([table, cols]) => f(table, cols, data[table] ?? [])).join('');

// mysqldump: extended inserts without columns, \ escapes, versioned comments.
const mysqlText = (v) => v === null ? 'NULL' : typeof v === 'number' ?
    String(v) : `'${v.replace(/[\\'"\n\r\0\x1a]/g, (c) => ({ '\n': '\\n',
	'\r': '\\r', '\0': '\\0', '\x1a': '\\Z' }[c] ?? `\\${c}`))}'`;
export const mysql = (data, charset = 'utf8mb4') =>
    '-- MySQL dump 10.19  Distrib 10.11\n--\n-- Host: localhost\n\n' +
    `/*!40101 SET NAMES ${charset} */;\n` +
    each(data, (table, cols, rows) =>
	`DROP TABLE IF EXISTS \`${table}\`;\n` +
	`CREATE TABLE \`${table}\` (\n${cols.map((c) =>
	    `  \`${c}\` varchar(255) NOT NULL DEFAULT '' COMMENT 'a, (b); \\'c',\n`)
	    .join('')}  PRIMARY KEY (\`${cols[0]}\`),\n  KEY \`x\` (\`${cols[1]}\`)\n` +
	') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT=\'x; y\';\n' +
	`LOCK TABLES \`${table}\` WRITE;\n` +
	`/*!40000 ALTER TABLE \`${table}\` DISABLE KEYS */;\n` +
	(rows.length === 0 ? '' : `INSERT INTO \`${table}\` VALUES ${rows.map(
	    (r) => `(${r.map(mysqlText).join(',')})`).join(',')};\n`) +
	'UNLOCK TABLES;\n') + '-- Dump completed on 2026-11-25\n';

const pgBool = (col, v) => booleans.includes(col) && v !== null ?
    (v ? 't' : 'f') : v;
// pg_dump: COPY with its own escapes; a function with $$ in it.
const copyText = (v) => v === null ? '\\N' : String(v).replace(/[\\\n\t\r]/g,
    (c) => ({ '\n': '\\n', '\t': '\\t', '\r': '\\r' }[c] ?? `\\${c}`));
const pgHead = '--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n' +
    'SET standard_conforming_strings = on;\nCREATE FUNCTION public.f() ' +
    "RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  x := ';';\nEND;\n$$;\n";
const pgTable = (table, cols) => `CREATE TABLE public.${table} (\n${cols
    .map((c) => `    ${c} character varying(255) DEFAULT ''::character varying ` +
    'NOT NULL').join(',\n')}\n);\n`;
export const postgres = (data) => pgHead + each(data, (table, cols, rows) =>
    pgTable(table, cols) +
    `COPY public.${table} (${cols.join(', ')}) FROM stdin;\n` +
    rows.map((r) => `${r.map((v, i) => copyText(pgBool(cols[i], v)))
	.join('\t')}\n`).join('') + '\\.\n\n') +
    "SELECT pg_catalog.setval('public.log_id_seq', 1, true);\n";

// pg_dump --inserts: a statement each, '' in strings, \ is itself.
const sqlText = (v) => v === null ? 'NULL' : typeof v === 'number' ?
    String(v) : `'${v.replaceAll("'", "''")}'`;
export const postgresInserts = (data) => pgHead +
    each(data, (table, cols, rows) => pgTable(table, cols) + rows.map((r) =>
	`INSERT INTO public.${table} VALUES (${r.map((v, i) =>
	    booleans.includes(cols[i]) ? String(Boolean(v)) : sqlText(v))
	    .join(', ')});\n`).join(''));

export async function sqlite(file, data) {
	await must('sqlite3', ['-bail', file], { input: 'BEGIN;\n' +
	    each(data, (table, cols, rows) =>
		`CREATE TABLE ${table} (${cols.join(', ')});\n` + rows.map((r) =>
		`INSERT INTO ${table} VALUES (${r.map(sqlText).join(', ')});\n`)
		.join('')) + 'COMMIT;\n' });
	return file;
}
