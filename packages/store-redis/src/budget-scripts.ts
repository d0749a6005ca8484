/**
 * The steps of budgets, one script each: core's `reserveHold`, `extendHold`, `settleHold` and `expireHold`
 * said again beside the counters, and held to them by the conformance suite.
 *
 * Lua's numbers are doubles. Amounts of one call are below 2^53 and may be numbers; totals and limits reach
 * 2^63 and never are: they are counted by HINCRBY and compared as text. So that nothing has to be summed, a
 * window keeps its room (limit - spent - held) beside what was spent and is held.
 *
 * Keys, all with the tag of KEYS[1]:
 *   :seq             counts budgets and holds
 *   :ids             id of a budget -> its number
 *   :of:<workspace>  budget key, with +byok where own-key spending counts -> number of the budget
 *   :budget:<number> the budget, and room:, spent: and held: of each window by its start
 *   :hold:<id>       a hold; of a settled one its status alone
 *   :open            open holds, <number>:<id>, by the end of their lease
 *   :closed          ids of closed holds, the last one first
 */
const library = `
local base = KEYS[1]
local call = redis.call

local function text(number)
  return string.format('%.0f', number)
end

local function negative(amount)
  return amount == '0' and amount or '-' .. amount
end

-- Of whole numbers as text, of any size.
local function less(a, b)
  local below, other = string.sub(a, 1, 1) == '-', string.sub(b, 1, 1) == '-'
  if below ~= other then return below end
  if below then a, b = string.sub(b, 2), string.sub(a, 2) end
  if #a ~= #b then return #a < #b end
  return a < b
end

local function holdKey(id)
  return base .. ':hold:' .. id
end

-- Where a budget is asked in one of its windows; nil = the budget was deleted.
local function placeAt(number, start)
  local key = base .. ':budget:' .. number
  local got = call('HMGET', key, 'enforce', 'limit', 'room:' .. start)
  if not got[1] then return nil end
  return { number = tonumber(number), key = key, start = start, enforce = got[1] == '1',
    room = got[3] or got[2], isOpen = got[3] and true or false }
end

-- The windows of a hold, from "<number>:<start> <number>:<start>".
local function placesOf(heldIn)
  local places = {}
  for number, start in string.gmatch(heldIn, '(%d+):(-?%d+)') do
    local place = placeAt(number, start)
    if place then table.insert(places, place) end
  end
  return places
end

local function describe(key, start)
  local got = call('HMGET', key, 'id', 'workspace', 'scope', 'byok', 'period', 'limit', 'enforce',
    'created', 'updated', 'spent:' .. start, 'held:' .. start)
  table.insert(got, start)
  return got
end

-- Older windows in which no call runs say nothing any more, but for the last one: clocks differ.
local function forgetWindows(key, start)
  local before, last = {}, nil
  for _, field in ipairs(call('HKEYS', key)) do
    local other = string.match(field, '^room:(.+)$')
    if other and tonumber(other) < tonumber(start) then
      table.insert(before, other)
      if not last or tonumber(other) > tonumber(last) then last = other end
    end
  end
  for _, other in ipairs(before) do
    if other ~= last and call('HGET', key, 'held:' .. other) == '0' then
      call('HDEL', key, 'room:' .. other, 'spent:' .. other, 'held:' .. other)
    end
  end
end

-- Sets money aside in all places or in none. Answers the amount and the tightest room after it,
-- or nil and the place that refused.
local function addHold(places, needed, wanted, isRenewal)
  local tightest = nil
  for _, place in ipairs(places) do
    if place.enforce and (not tightest or less(place.room, tightest.room)) then tightest = place end
  end
  local more = wanted
  if tightest and less(tightest.room, wanted) then
    -- Where a limit was lowered below what is held, a running call's lease can be renewed all the same.
    if less(tightest.room, needed) and not isRenewal then return nil, tightest end
    more = less(tightest.room, '0') and '0' or tightest.room
  end
  for _, place in ipairs(places) do
    local start = place.start
    if not place.isOpen then
      call('HSET', place.key, 'room:' .. start, place.room, 'spent:' .. start, '0', 'held:' .. start, '0')
      forgetWindows(place.key, start)
    end
    call('HINCRBY', place.key, 'room:' .. start, negative(more))
    call('HINCRBY', place.key, 'held:' .. start, more)
  end
  return more, tightest and call('HGET', tightest.key, 'room:' .. tightest.start)
end

local function refusalBy(place)
  return { 'refused', place.room, describe(place.key, place.start) }
end

local function extend(id, leastTotal, wantedTotal, lease)
  local got = call('HMGET', holdKey(id), 'status', 'amount', 'number', 'in')
  if got[1] ~= 'open' then return { 'closed' } end
  local held = tonumber(got[2])
  local needed = math.max(0, tonumber(leastTotal) - held)
  local wanted = math.max(0, tonumber(wantedTotal) - held)
  local more, found = addHold(placesOf(got[4]), text(needed), text(wanted), needed == 0)
  if not more then return refusalBy(found) end
  call('HINCRBY', holdKey(id), 'amount', more)
  call('ZADD', base .. ':open', lease, got[3] .. ':' .. id)
  return { 'granted', call('HGET', holdKey(id), 'amount'), found or false }
end

-- Moves money in the windows of a hold; those that were forgotten are left out.
local function charge(heldIn, released, added)
  for _, place in ipairs(placesOf(heldIn)) do
    if place.isOpen then
      call('HINCRBY', place.key, 'held:' .. place.start, text(0 - released))
      call('HINCRBY', place.key, 'spent:' .. place.start, text(added))
      call('HINCRBY', place.key, 'room:' .. place.start, text(released - added))
    end
  end
end

-- An open hold is no longer; so many closed ones are remembered.
local function close(id, number, most)
  call('ZREM', base .. ':open', number .. ':' .. id)
  if call('LPUSH', base .. ':closed', id) > tonumber(most) then
    call('DEL', holdKey(call('RPOP', base .. ':closed')))
  end
end
`;

const create = `
local id, workspace, name, scope, byok, period, limit, enforce, created, updated = unpack(ARGV)
local index = base .. ':of:' .. workspace
if call('HEXISTS', base .. ':ids', id) == 1 or call('HEXISTS', index, name) == 1
  or call('HEXISTS', index, name .. '+byok') == 1 then
  return 0
end
local number = call('INCR', base .. ':seq')
call('HSET', base .. ':ids', id, number)
call('HSET', index, byok == '1' and name .. '+byok' or name, number)
call('HSET', base .. ':budget:' .. text(number), 'id', id, 'workspace', workspace, 'name', name, 'scope', scope,
  'byok', byok, 'period', period, 'limit', limit, 'enforce', enforce, 'created', created, 'updated', updated)
return 1
`;

/** Answers -1 if the limit would be none; then nothing changed. */
const update = `
local workspace, id, limit, added, enforce, byok, updated = unpack(ARGV)
local number = call('HGET', base .. ':ids', id)
local key = base .. ':budget:' .. (number or '')
if not number or call('HGET', key, 'workspace') ~= workspace then return 0 end
local before, name, wasByok = unpack(call('HMGET', key, 'limit', 'name', 'byok'))
if limit ~= '' then call('HSET', key, 'limit', limit) end
local sum = redis.pcall('HINCRBY', key, 'limit', added)
if type(sum) == 'table' or sum < 0 then
  call('HSET', key, 'limit', before)
  return -1
end
local after = call('HGET', key, 'limit')
for _, field in ipairs(call('HKEYS', key)) do
  if string.sub(field, 1, 5) == 'room:' then
    call('HINCRBY', key, field, negative(before))
    call('HINCRBY', key, field, after)
  end
end
if enforce ~= '' then call('HSET', key, 'enforce', enforce) end
if byok ~= '' and wasByok ~= '' and byok ~= wasByok then
  local index = base .. ':of:' .. workspace
  call('HDEL', index, wasByok == '1' and name .. '+byok' or name)
  call('HSET', index, byok == '1' and name .. '+byok' or name, number)
  call('HSET', key, 'byok', byok)
end
call('HSET', key, 'updated', updated)
return 1
`;

const remove = `
local workspace, id = unpack(ARGV)
local number = call('HGET', base .. ':ids', id)
local key = base .. ':budget:' .. (number or '')
if not number or call('HGET', key, 'workspace') ~= workspace then return 0 end
call('HDEL', base .. ':of:' .. workspace, call('HGET', key, 'name'), call('HGET', key, 'name') .. '+byok')
call('HDEL', base .. ':ids', id)
call('DEL', key)
return 1
`;

/** ARGV: workspace, id or empty for all, then period and start of its window in turn. */
const list = `
local starts = {}
for at = 3, #ARGV, 2 do starts[ARGV[at]] = ARGV[at + 1] end
local numbers = call('HVALS', base .. ':of:' .. ARGV[1])
table.sort(numbers, function(a, b) return tonumber(a) < tonumber(b) end)
local found = {}
for _, number in ipairs(numbers) do
  local key = base .. ':budget:' .. number
  local id, period = unpack(call('HMGET', key, 'id', 'period'))
  if ARGV[2] == '' or ARGV[2] == id then table.insert(found, describe(key, starts[period])) end
end
return found
`;

/** ARGV: hold, workspace, least, wanted, end of lease, memo, then budgets that count and their starts in turn. */
const reserve = `
local id, workspace, needed, wanted, lease, memo = unpack(ARGV, 1, 6)
if call('EXISTS', holdKey(id)) == 1 then return extend(id, '0', '0', lease) end
local names = {}
for at = 7, #ARGV, 2 do table.insert(names, ARGV[at]) end
local places = {}
for at, number in ipairs(call('HMGET', base .. ':of:' .. workspace, unpack(names))) do
  if number then table.insert(places, placeAt(number, ARGV[6 + 2 * at])) end
end
table.sort(places, function(a, b) return a.number < b.number end)
local more, found = addHold(places, needed, wanted, false)
if not more then return refusalBy(found) end
local heldIn = {}
for _, place in ipairs(places) do table.insert(heldIn, text(place.number) .. ':' .. place.start) end
local number = string.format('%016.0f', call('INCR', base .. ':seq'))
call('HSET', holdKey(id), 'status', 'open', 'amount', more, 'number', number, 'workspace', workspace,
  'memo', memo, 'in', table.concat(heldIn, ' '))
call('ZADD', base .. ':open', lease, number .. ':' .. id)
return { 'granted', more, found or false }
`;

const settle = `
local id, cost, most = unpack(ARGV)
local key = holdKey(id)
local status, amount, number, heldIn = unpack(call('HMGET', key, 'status', 'amount', 'number', 'in'))
if not status then return 'unknown' end
if status == 'settled' then return 'already' end
local isOpen = status == 'open'
charge(heldIn, isOpen and tonumber(amount) or 0, isOpen and tonumber(cost) or tonumber(cost) - tonumber(amount))
call('DEL', key)
call('HSET', key, 'status', 'settled')
if isOpen then close(id, number, most) end
return isOpen and 'settled' or 'corrected'
`;

/**
 * Of those whose lease ran out the oldest reservations; of a backlog of more than 10,000 the oldest among
 * those whose lease ran out first, so that a sweep stays short.
 */
const sweep = `
local now, limit, most = unpack(ARGV)
local due = call('ZRANGEBYSCORE', base .. ':open', '-inf', now, 'LIMIT', 0, 10000)
table.sort(due)
local swept = {}
for at = 1, math.min(#due, tonumber(limit)) do
  local id = string.sub(due[at], 18)
  local key = holdKey(id)
  local amount, number, workspace, memo, heldIn =
    unpack(call('HMGET', key, 'amount', 'number', 'workspace', 'memo', 'in'))
  charge(heldIn, tonumber(amount), tonumber(amount))
  call('HSET', key, 'status', 'expired')
  call('HDEL', key, 'workspace', 'memo')
  close(id, number, most)
  table.insert(swept, { id, workspace, amount, memo })
end
return swept
`;

export type BudgetScript =
  | `budget${"Create" | "Update" | "Delete" | "List"}`
  | `hold${"Reserve" | "Extend" | "Settle" | "Sweep"}`;

export const budgetScripts: Readonly<Record<BudgetScript, string>> = {
  budgetCreate: library + create,
  budgetUpdate: library + update,
  budgetDelete: library + remove,
  budgetList: library + list,
  holdReserve: library + reserve,
  holdExtend: `${library} return extend(ARGV[1], ARGV[2], ARGV[3], ARGV[4])`,
  holdSettle: library + settle,
  holdSweep: library + sweep,
};
