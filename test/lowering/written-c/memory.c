/* Memory that is compared, bitmaps, sums that are checked. */

//- bytes that are compared
static int sign(int x) { return (x > 0) - (x < 0); }
int f(void){ u8 a[4] = { 1, 2, 3, 4 }, b[4] = { 1, 2, 200, 4 }; return sign(memcmp(a, b, 4)) + sign(memcmp(b, a, 4))*10 + sign(memcmp(a, b, 2))*100 + sign(memcmp(a, a, 4))*1000 + sign(memcmp(a + 2, b + 2, 1))*10000 + memcmp(a, b, 0)*100000; }

//- structs that are compared
struct id { u32 a; u16 b[2]; };
int f(void){ struct id one = { 5, { 1, 2 } }, two = one, three = { 5, { 1, 3 } }; int r = !memcmp(&one, &two, sizeof(one)) + !memcmp(&one, &three, sizeof(one))*10 + !memcmp(&one, &three, offsetof(struct id, b[1]))*100; two.a = 0x100; one.a = 0x1; return r + (memcmp(&one, &two, sizeof(one)) > 0)*1000; }

//- words that are compared byte by byte
int f(void){ u32 a = 0x01020304, b = 0x01020305; u64 c = 1ULL << 40, d = 2ULL << 40; long l = -1; u64 m = ~0ULL; return (memcmp(&a, &b, 4) < 0) + (memcmp(&a, &b, 3) == 0)*10 + (memcmp(&c, &d, 5) == 0)*100 + (memcmp(&c, &d, 6) < 0)*1000 + (memcmp(&l, &m, sizeof(l)) == 0)*10000; }

//- strings that are compared
int f(void){ char a[] = "barrier", b[] = "barring", *c = "barrier"; return (memcmp(a, b, 5) == 0) + (memcmp(a, b, sizeof(a)) < 0)*10 + (memcmp(a, c, sizeof(a)) == 0)*100 + (memcmp("\xff", "\x01", 1) > 0)*1000; }

//- bits that are assigned
int f(void){ unsigned long w[2] = { 0, 6 }; assign_bit(65, w, false); assign_bit(3, w, true); __assign_bit(66, w, 1); __assign_bit(64, w, 8 & 8); return (int)w[0] + (int)w[1]*100; }

//- the first bit of several words
int f(void){ unsigned long w[2] = { 0, 0x50 }, none[2] = { 0 }, all[2] = { ~0UL, 7 }; return (int)find_first_bit(w, 128) + (int)find_first_bit(w, 67)*1000 + (int)find_first_bit(none, 70)*100000 + (int)find_first_zero_bit(all, 128)*7 + (int)find_first_zero_bit(all, 60)*3; }

//- bits that are set and cleared in a row
int f(void){ unsigned long m[3] = { 0 }; bitmap_set(m, 60, 10); bitmap_set(m, 130, 1); bitmap_clear(m, 62, 3); bitmap_set(m, 5, 0); return (m[0] == 0x3UL << 60) + (m[1] == 0x3e)*10 + (m[2] == 4)*100; }

//- a row that fills words
int f(void){ unsigned long m[3] = { 0 }; bitmap_set(m, 0, 192); bitmap_clear(m, 64, 64); return (m[0] == ~0UL) + (m[1] == 0)*10 + (m[2] == ~0UL)*100; }

//- sums that are checked
int f(void){ int a; u32 b; u8 c; s8 d; u64 e; s64 g; int r = check_add_overflow(0x7fffffff, 1, &a);
r += check_add_overflow(-5, 3, &a)*2; r += (a == -2)*4; r += check_add_overflow(0xffffffffu, 2u, &b)*8; r += (b == 1)*16;
u8 x = 200, y = 100; r += check_add_overflow(x, y, &c)*32; r += (c == 44)*64; s8 p = -100, q = -100; r += check_add_overflow(p, q, &d)*128; r += (d == 56)*256;
r += check_add_overflow((u64)-1, (u64)0, &e)*512; r += check_add_overflow((u64)-1, (u64)1, &e)*1024; s64 m = -0x7fffffffffffffffLL - 1; r += check_add_overflow(m, (s64)-1, &g)*2048; return r + (g > 0)*4096; }

//- differences that are checked
int f(void){ int a; u32 b; u8 c; s64 g; u8 x = 3, y = 5; int r = check_sub_overflow(3u, 5u, &b); r += (b == 0xfffffffe)*2; r += check_sub_overflow(5u, 5u, &b)*4;
r += check_sub_overflow(x, y, &c)*8; r += (c == 254)*16; r += check_sub_overflow(-0x7fffffff, 3, &a)*32; r += check_sub_overflow(-5, -3, &a)*64; r += (a == -2)*128;
s64 m = -0x7fffffffffffffffLL - 1; r += check_sub_overflow((s64)0, m, &g)*256; return r + check_sub_overflow((s64)-1, m, &g)*512; }
