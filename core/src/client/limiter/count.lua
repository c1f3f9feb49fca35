-- One message of a process to the count that it shares: what it has done, what it asks for, and that it is there.
--
-- Redis lets a call go while `used + what all others may do without asking + the call <= limit`. What a process may do
-- without asking, because Redis is away: nothing until `silence` ms after its last answer; then replace what leaves the
-- window of its own calls (`own`) and take its `spare`, a small part of what was free; and once everything that Redis had
-- let go has left the window, a `fair` part of the limit in the place of both. So Redis sets aside the `spare` of all who
-- are there, and for who is silent the larger of `own + spare` and `fair`, for 5 s: longer ago means gone.
-- Parts are made smaller at once for whoever gets them and in the sum only when he has said that he knows.
-- A Redis that was started anew (another `run`, or no data) knows nothing. It lets nothing go until all have had time to
-- be heard of and, when one of them remembers a count, until whatever went before has left the windows; then each tells
-- what it let go. All that counts happens in one call of this script; it may not run after `by`, when nobody waits for it.
--
-- KEYS: the epoch; then for each rule its slots and its members.
-- ARGV: run, by, the epoch that the caller knows (0: none), its name, silence in ms (-1: it leaves), for how many slots an
-- entry counts; for each rule: slot length in ms (0: a month), limit, what to count, what must be free, ms until the month
-- ends, own, spare, fair, what all had used by an earlier epoch; then, three by three: rule, slot, what to count there.
-- Gives {1 went | 0 wait | 2 settling, or another epoch | 3 too late, ms to wait, now, epoch, for each rule: used, spare, fair}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local run, known, member, silence, life = ARGV[1], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local MONTH, FIRST, EACH = 3456000000, 7, 9
if now > tonumber(ARGV[2]) then return {3, 0, now, 0} end

local function text(number) return string.format('%.0f', number) end

local epoch = redis.call('HMGET', KEYS[1], 'run', 'at', 'old')
local at, old = epoch[2], epoch[3]
if epoch[1] ~= run then
  at, old = text(now), false
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'run', run, 'at', at)
end
if known ~= '0' and known ~= at and not old then
  old = '1'
  redis.call('HSET', KEYS[1], 'old', old)
end
redis.call('PEXPIRE', KEYS[1], MONTH)

local rules, settled = {}, at + 2500
for i = 1, (#KEYS - 1) / 2 do
  local argument = function(offset) return tonumber(ARGV[FIRST + (i - 1) * EACH + offset]) end
  local rule = {
    slots = KEYS[2 * i], members = KEYS[2 * i + 1], length = argument(0), limit = argument(1), amount = argument(2),
    free = argument(3), rest = argument(4), own = argument(5), spare = argument(6), fair = argument(7), base = argument(8),
    others = 0, fairs = 0, count = 1,
  }
  -- What is longer than a minute is not waited for; all tell how much had been used.
  local short = rule.length > 0 and rule.length <= 300
  if short and old then settled = math.max(settled, at + rule.length * life) end
  rule.expiry = rule.length > 0 and rule.length * life + 10000 or MONTH
  if redis.call('HGET', rule.members, 'at') ~= at then
    redis.call('DEL', rule.members)
    if short then redis.call('DEL', rule.slots) end
    redis.call('HSET', rule.members, 'at', at)
  end
  redis.call('PEXPIRE', rule.members, rule.expiry)
  rules[i] = rule
end

local function note(rule, till, spare, fair, own)
  redis.call('HSET', rule.members, member, table.concat({text(till), text(spare), text(fair), text(own)}, ' '))
end

if silence < 0 then
  for _, rule in ipairs(rules) do redis.call('HDEL', rule.members, member) end
  return {1, 0, now, tonumber(at)}
end
if now < settled then
  for _, rule in ipairs(rules) do note(rule, settled, rule.spare, rule.fair, rule.own) end
  return {2, settled - now, now, tonumber(at)}
end
if known ~= at then return {2, 0, now, tonumber(at)} end

local function slot_of(rule, moment) return rule.length > 0 and math.floor(moment / rule.length) or 0 end

for i = FIRST + #rules * EACH, #ARGV, 3 do
  local rule = rules[tonumber(ARGV[i])]
  if redis.call('HINCRBY', rule.slots, ARGV[i + 1], ARGV[i + 2]) <= 0 then
    redis.call('HDEL', rule.slots, ARGV[i + 1])
  end
  redis.call('PEXPIRE', rule.slots, rule.expiry)
end

local wait = 0
for _, rule in ipairs(rules) do
  if rule.base > 0 then
    local field = text(slot_of(rule, at)) .. '.5'
    if rule.base > tonumber(redis.call('HGET', rule.slots, field) or 0) then
      redis.call('HSET', rule.slots, field, text(rule.base))
      redis.call('PEXPIRE', rule.slots, rule.expiry)
    end
  end
  local fields, slots, used = redis.call('HGETALL', rule.slots), {}, 0
  rule.slot = slot_of(rule, now)
  for j = 1, #fields, 2 do
    local from, amount = tonumber(fields[j]), tonumber(fields[j + 1])
    if rule.length > 0 and from + life <= rule.slot then
      redis.call('HDEL', rule.slots, fields[j])
    else
      used = used + amount
      slots[#slots + 1] = {from, amount}
    end
  end
  rule.used = used
  fields = redis.call('HGETALL', rule.members)
  for j = 1, #fields, 2 do
    local till, spare, fair, own = string.match(fields[j + 1], '^(%d+) (%d+) (%d+) (%d+)$')
    if till and now > till + 5000 then
      redis.call('HDEL', rule.members, fields[j])
    elseif till and fields[j] ~= member then
      rule.count, rule.fairs, rule.others = rule.count + 1, rule.fairs + fair, rule.others + spare
      if now > tonumber(till) then rule.others = rule.others + math.max(own, fair - spare) end
    end
  end
  local needed = used + rule.others + math.max(rule.free, rule.spare) - rule.limit
  if rule.free > 0 and needed > 0 then
    local ends = now + rule.rest
    if rule.length > 0 then
      table.sort(slots, function(a, b) return a[1] < b[1] end)
      for _, entry in ipairs(slots) do
        ends = (entry[1] + life) * rule.length
        needed = needed - entry[2]
        if needed <= 0 then break end
      end
    end
    -- What is set aside changes with every message.
    if rule.others > 0 or rule.spare > rule.free then ends = math.min(ends, now + 50) end
    wait = math.max(wait, ends - now, 1)
  end
end

local result = {wait > 0 and 0 or 1, wait, now, tonumber(at)}
for _, rule in ipairs(rules) do
  local amount = wait > 0 and 0 or rule.amount
  if amount > 0 then
    redis.call('HINCRBY', rule.slots, text(rule.slot), amount)
    redis.call('PEXPIRE', rule.slots, rule.expiry)
  end
  local used = rule.used + amount
  local spare = math.max(0, math.floor((rule.limit - used - rule.others) / (4 * rule.count)))
  -- A month has no time in which everything leaves it.
  local fair = rule.length > 0 and math.max(0, math.min(math.ceil(rule.limit / rule.count), rule.limit - rule.fairs)) or 0
  note(rule, now + silence, math.max(spare, rule.spare), math.max(fair, rule.fair), rule.own + amount)
  for _, number in ipairs({used, spare, fair}) do result[#result + 1] = number end
end
return result
