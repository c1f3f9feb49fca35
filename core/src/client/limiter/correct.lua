-- Corrects what was counted. KEYS: hashes of slots, one for each correction.
-- ARGV: for how many slots an entry counts, and for each correction: the slot's length in ms (0: a month), the slot, the
-- difference. What is not counted any more is not made less.
local life = tonumber(ARGV[1])
for i = 1, #KEYS do
  local at = 2 + (i - 1) * 3
  local length, slot, difference = tonumber(ARGV[at]), ARGV[at + 1], tonumber(ARGV[at + 2])
  if difference > 0 or redis.call('HEXISTS', KEYS[i], slot) == 1 then
    if redis.call('HINCRBY', KEYS[i], slot, difference) <= 0 then
      redis.call('HDEL', KEYS[i], slot)
    else
      redis.call('PEXPIRE', KEYS[i], length > 0 and length * life or 3456000000)
    end
  end
end
return {1}
