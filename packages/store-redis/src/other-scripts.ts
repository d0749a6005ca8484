/**
 * Records of one kind. Each field of a record is a field of its hash, as JSON: a change replaces fields
 * without reading the others, and nothing decodes JSON in Lua.
 *
 * Keys, all with the tag of KEYS[1]:
 *   :seq            counts records
 *   :record:<id>    the record; "#" is its place in the lists, "#name" its unique name
 *   :names          unique name -> id
 *   :all            places of all records, <number>:<id>, by the time they were made
 *   :of:<workspace> those of a workspace
 */
const recordLibrary = `
local base = KEYS[1]
local call = redis.call

local function recordKey(id)
  return base .. ':record:' .. id
end

-- Workspaces are given as JSON, as records have them.
local function isIn(key, workspace)
  return call('HGET', key, 'workspaceId') == workspace
end
`;

/** ARGV: id, workspace, "1" if it has a unique name, that name, time it was made, then fields and values in turn. */
const recordCreate = `
local id, workspace, isNamed, name, created = unpack(ARGV, 1, 5)
local key = recordKey(id)
if call('EXISTS', key) == 1 or (isNamed == '1' and call('HEXISTS', base .. ':names', name) == 1) then
  return 0
end
local place = string.format('%016.0f', call('INCR', base .. ':seq')) .. ':' .. id
call('HSET', key, '#', place, unpack(ARGV, 6))
if isNamed == '1' then
  call('HSET', key, '#name', name)
  call('HSET', base .. ':names', name, id)
end
call('ZADD', base .. ':all', created, place)
call('ZADD', base .. ':of:' .. workspace, created, place)
return 1
`;

const recordNamed = `
local id = call('HGET', base .. ':names', ARGV[1])
return id and call('HGETALL', recordKey(id)) or {}
`;

/** ARGV: list, how many, "1" if after a record, its id. */
const recordList = `
local places = base .. ARGV[1]
local first = 0
if ARGV[3] == '1' then
  local rank = call('ZRANK', places, call('HGET', recordKey(ARGV[4]), '#') or '')
  if not rank then return {} end
  first = rank + 1
end
local found = {}
for _, place in ipairs(call('ZRANGE', places, first, first + ARGV[2] - 1)) do
  table.insert(found, call('HGETALL', recordKey(string.sub(place, 18))))
end
return found
`;

/** ARGV: id, workspace, then fields and values in turn. */
const recordUpdate = `
local key = recordKey(ARGV[1])
if not isIn(key, ARGV[2]) then return {} end
if #ARGV > 2 then call('HSET', key, unpack(ARGV, 3)) end
return call('HGETALL', key)
`;

/** ARGV: id, workspace as JSON, workspace. */
const recordDelete = `
local key = recordKey(ARGV[1])
if not isIn(key, ARGV[2]) then return 0 end
local place, name = unpack(call('HMGET', key, '#', '#name'))
if name then call('HDEL', base .. ':names', name) end
call('ZREM', base .. ':all', place)
call('ZREM', base .. ':of:' .. ARGV[3], place)
return call('DEL', key)
`;

/** ARGV: id, field, number; a smaller one than is there changes nothing. */
const recordRaise = `
local key = recordKey(ARGV[1])
local known = call('HGET', key, ARGV[2])
if not known or (tonumber(known) or -math.huge) >= tonumber(ARGV[3]) then return 0 end
call('HSET', key, ARGV[2], ARGV[3])
return 1
`;

/**
 * KEYS[1]:entries has all entries, an "e" before those that are estimates and an "x" before the others;
 * KEYS[1]:of:<workspace> their ids by time. ARGV: id, workspace, time, "e" or "x", entry in turn.
 */
const ledgerRecord = `
local base = KEYS[1]
local call = redis.call
for at = 1, #ARGV, 5 do
  local id, workspace, time, certainty, entry = unpack(ARGV, at, at + 4)
  local known = call('HGET', base .. ':entries', id)
  if not known or (string.sub(known, 1, 1) == 'e' and certainty == 'x') then
    if known then
      call('ZREM', base .. ':of:' .. cjson.decode(string.sub(known, 2)).workspaceId, id)
    end
    call('HSET', base .. ':entries', id, certainty .. entry)
    call('ZADD', base .. ':of:' .. workspace, time, id)
  end
end
return 1
`;

/** ARGV: ids. */
const ledgerEntries = `return redis.call('HMGET', KEYS[1] .. ':entries', unpack(ARGV))`;

/** ARGV: workspace, first time, time after the last one. */
const ledgerIds = `
return redis.call('ZRANGEBYSCORE', KEYS[1] .. ':of:' .. ARGV[1], ARGV[2], '(' .. ARGV[3])
`;

/**
 * What is over is told by the times that are given. The key goes an hour later than it could be of use,
 * counted from now: the server's clock decides nothing.
 */
const idempotencyBegin = `
local call = redis.call
local fingerprint, owner, lease, kept, now = unpack(ARGV)
local known = call('HMGET', KEYS[1], 'fingerprint', 'finished', 'lease', 'kept', 'answer')
if known[1] and tonumber(now) < tonumber(known[2] == '1' and known[4] or known[3]) then
  if known[1] ~= fingerprint then return { 'mismatch' } end
  if known[2] == '1' then return { 'finished', known[5] } end
  return { 'running', known[3] }
end
call('DEL', KEYS[1])
call('HSET', KEYS[1], 'fingerprint', fingerprint, 'owner', owner, 'lease', lease, 'kept', kept, 'finished', '0')
local life = math.max(0, math.max(tonumber(lease), tonumber(kept)) - tonumber(now))
call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(life) + 3600000))
return { 'begun' }
`;

/** ARGV: owner, "1" if there is an answer, the answer. */
const idempotencyFinish = `
local owner, finished = unpack(redis.call('HMGET', KEYS[1], 'owner', 'finished'))
if owner ~= ARGV[1] or finished ~= '0' then return 0 end
redis.call('HSET', KEYS[1], 'finished', '1')
if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'answer', ARGV[3]) end
return 1
`;

const idempotencyRelease = `
local owner, finished = unpack(redis.call('HMGET', KEYS[1], 'owner', 'finished'))
if owner ~= ARGV[1] or finished ~= '0' then return 0 end
return redis.call('DEL', KEYS[1])
`;

/**
 * The first half of takeFromBucket: answers what is in the bucket before a token is taken, to the last bit.
 * An hour after it would be full again the bucket is forgotten: a new one is full as well.
 */
const bucketTake = `
local capacity, perMinute, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local before, at = capacity, now
if known[1] then
  at = tonumber(known[2])
  before = math.min(capacity, tonumber(known[1]) + math.max(0, now - at) * perMinute / 60000)
end
local tokens = before >= 1 and before - 1 or before
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens),
  'at', string.format('%.17g', math.max(now, at)))
local life = math.min(1e12, math.ceil((capacity - tokens) * 60000 / perMinute)) + 3600000
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', life))
return string.format('%.17g', before)
`;

/** ARGV: member, value, time it expires. A topic on which nobody has said anything for a week goes. */
const notePublish = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ':' .. ARGV[2])
return redis.call('PEXPIRE', KEYS[1], 604800000)
`;

/** Answers member and value in turn; drops what has expired. ARGV: now. */
const noteRead = `
local notes = redis.call('HGETALL', KEYS[1])
local found = {}
for at = 1, #notes, 2 do
  local expires, value = string.match(notes[at + 1], '^([^:]*):(.*)$')
  if tonumber(expires) > tonumber(ARGV[1]) then
    table.insert(found, notes[at])
    table.insert(found, value)
  else
    redis.call('HDEL', KEYS[1], notes[at])
  end
end
return found
`;

export type OtherScript =
  | `record${"Create" | "Named" | "List" | "Update" | "Delete" | "Raise"}`
  | `ledger${"Record" | "Entries" | "Ids"}`
  | `idempotency${"Begin" | "Finish" | "Release"}`
  | "bucketTake"
  | `note${"Publish" | "Read"}`;

export const otherScripts: Readonly<Record<OtherScript, string>> = {
  recordCreate: recordLibrary + recordCreate,
  recordNamed: recordLibrary + recordNamed,
  recordList: recordLibrary + recordList,
  recordUpdate: recordLibrary + recordUpdate,
  recordDelete: recordLibrary + recordDelete,
  recordRaise: recordLibrary + recordRaise,
  ledgerRecord,
  ledgerEntries,
  ledgerIds,
  idempotencyBegin,
  idempotencyFinish,
  idempotencyRelease,
  bucketTake,
  notePublish,
  noteRead,
};
