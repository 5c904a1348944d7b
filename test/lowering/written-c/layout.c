/* Layout: what attributes say, and names and comments do not. */

//- packed in a comment
struct s /* packed by hand */ { u8 a; u32 b; };
int f(void){ return sizeof(struct s); }

//- packed in the name of a variable
struct s { u8 a; u32 b; } packed_thing;
int f(void){ return sizeof(struct s); }

//- packed in a tag
struct unpacked { u8 a; u32 b; };
int f(void){ return sizeof(struct unpacked); }

//- an attribute before the tag
struct __attribute__((packed)) pk { u8 a; u64 b; };
int f(void){ return sizeof(struct pk); }

//- a packed struct inside another
struct s { u8 a; struct { u8 c; u32 d; } __packed in; u16 e; };
int f(void){ return sizeof(struct s)*100 + offsetof(struct s, in.d); }

//- a packed member
struct s { u8 a; struct { u8 c; u32 d; } in __packed; u16 e; };
int f(void){ return sizeof(struct s)*100 + offsetof(struct s, in) + offsetof(struct s, in.d)*10; }

//- a packed bit-field
struct s { u8 a; u32 x:7 __packed; u32 y:3; };
int f(void){ return sizeof(struct s); }

//- a packed pointer
struct s { u8 a; u64 *p __packed; };
int f(void){ return sizeof(struct s); }

//- a packed type
typedef struct { u8 a; u32 b; } __packed pk_t;
int f(void){ pk_t x = { 1, 2 }; return sizeof(x) + x.b*10; }

//- a packed union
union u { u8 a; u32 b; u8 c[5]; } __packed;
int f(void){ return sizeof(union u); }

//- a packed union without a name
struct s { u8 a; union { u32 w; u8 b[5]; } __packed; u8 z; };
int f(void){ return sizeof(struct s)*100 + offsetof(struct s, z); }

//- an aligned struct
struct al { u8 a; } __aligned(16);
int f(void){ return sizeof(struct al); }

//- an aligned member
struct m { u8 a; u8 b __aligned(4); };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- packed and aligned
struct m { u8 a; u32 b; } __attribute__((packed, aligned(4)));
int f(void){ return sizeof(struct m)*100 + __alignof__(struct m); }

//- a packed member between others
struct m { u8 a; u32 b __packed; u16 c; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b) + offsetof(struct m, c)*10; }

//- a packed and aligned member
struct s { u8 a; u64 b __attribute__((aligned(2), packed)); };
int f(void){ return sizeof(struct s)*10 + offsetof(struct s, b); }

//- an aligned struct without a name
struct s { u8 a; struct __aligned(8) { u8 x; } b; u8 c; };
int f(void){ return sizeof(struct s)*100 + offsetof(struct s, c); }

//- a struct in a packed struct
struct in { u32 x; u64 y; };
struct s { u8 a; struct in b; u8 c; } __packed;
int f(void){ return sizeof(struct s)*100 + offsetof(struct s, b.y); }

//- an aligned typedef
typedef u32 wide_t __aligned(16);
struct m { u8 a; wide_t b; u8 c; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- a typedef that asks for less
typedef u64 loose_t __attribute__((aligned(2)));
struct m { u8 a; loose_t b; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- a typedef of an aligned typedef
typedef u32 wide_t __attribute__((aligned(16)));
typedef wide_t wider_t;
struct m { u8 a; wider_t b; u8 c; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, c); }

//- an aligned typedef, pointed to
typedef u32 wide_t __aligned(16);
struct m { u8 a; wide_t *b; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- an aligned typedef in a packed struct
typedef u32 wide_t __aligned(16);
struct m { u8 a; wide_t b; } __packed;
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- a member that asks for less than its aligned typedef
typedef u32 wide_t __aligned(16);
struct m { u8 a; wide_t b __aligned(8); };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- an aligned typedef of a block
int f(void){ typedef u32 wide_t __aligned(16); struct m { u8 a; wide_t b; }; return sizeof(struct m)*100 + offsetof(struct m, b); }

//- an aligned typedef of an array
typedef u8 bytes_t[4] __aligned(8);
struct m { u8 a; bytes_t b; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- an aligned typedef of a struct that is defined elsewhere
struct s { u8 a; };
typedef struct s wide_t __aligned(8);
struct m { u8 a; wide_t b; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }

//- a type with an alignment in its name
typedef u64 __aligned_u64 __attribute__((aligned(8)));
struct m { u8 a; __aligned_u64 b; };
int f(void){ return sizeof(struct m)*100 + offsetof(struct m, b); }
