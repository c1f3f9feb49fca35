-- Admits a call under several limits, all or none. The clock is Redis's own.
-- KEYS: the epoch, then one hash of slots for each limit.
-- ARGV: the epoch that the caller knows (0: none), for how many slots an entry counts, and for each limit: the slot's
-- length in ms (0: a month), the limit, what to count, what must be free, ms until the month ends. An epoch is the moment
-- at which the counts began.
-- Gives {1 went | 0 wait | 2 new count, ms to wait, now, epoch, used under each limit …}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = string.format('%.0f', now)
  redis.call('SET', KEYS[1], epoch)
end
redis.call('PEXPIRE', KEYS[1], 3456000000)
if ARGV[1] ~= '0' and ARGV[1] ~= epoch then
  return {2, 0, now, tonumber(epoch)}
end
local life = tonumber(ARGV[2])
local wait, result = 0, {1, 0, now, tonumber(epoch)}
for i = 2, #KEYS do
  local at = 3 + (i - 2) * 5
  local length, limit, free, rest = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local slot = length > 0 and math.floor(now / length) or 0
  local fields = redis.call('HGETALL', KEYS[i])
  local used, slots = 0, {}
  for j = 1, #fields, 2 do
    local from, amount = tonumber(fields[j]), tonumber(fields[j + 1])
    if length > 0 and from + life <= slot then
      redis.call('HDEL', KEYS[i], fields[j])
    else
      used = used + amount
      slots[#slots + 1] = {from, amount}
    end
  end
  result[#result + 1] = used
  local needed = used + free - limit
  if free > 0 and needed > 0 then
    local ends = now + rest
    if length > 0 then
      table.sort(slots, function(a, b) return a[1] < b[1] end)
      for _, entry in ipairs(slots) do
        ends = (entry[1] + life) * length
        needed = needed - entry[2]
        if needed <= 0 then break end
      end
    end
    wait = math.max(wait, ends - now, 1)
  end
end
if wait > 0 then
  result[1], result[2] = 0, wait
  return result
end
for i = 2, #KEYS do
  local at = 3 + (i - 2) * 5
  local length, amount = tonumber(ARGV[at]), tonumber(ARGV[at + 2])
  if amount > 0 then
    local slot = length > 0 and math.floor(now / length) or 0
    redis.call('HINCRBY', KEYS[i], string.format('%.0f', slot), amount)
    redis.call('PEXPIRE', KEYS[i], length > 0 and length * life or 3456000000)
  end
end
return result
