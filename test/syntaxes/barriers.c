// SYNTAX TEST "source.c" "barriers, marked accesses and pairing claims in kernel C"
        WRITE_ONCE(box->data, 1);
//      ^^^^^^^^^^ support.function.marked-access.linux
        smp_wmb();
//      ^^^^^^^ keyword.other.barrier.linux
        mb();
//      ^^ keyword.other.barrier.linux
        number(1);
//      ^^^^^^ - keyword.other.barrier.linux
        smp_mb__after_atomic();
//      ^^^^^^^^^^^^^^^^^^^^ keyword.other.barrier.linux
        val = atomic_fetch_add_acquire(1, &box->count);
//            ^^^^^^^^^^^^^^^^^^^^^^^^ support.function.marked-access.linux
        call("smp_wmb() in a string");
//            ^^^^^^^ - keyword.other.barrier.linux
        smp_rmb(); /* Pairs with smp_wmb() in publish(). */
//                    ^^^^^^^^^^ comment.block.c keyword.other.claim.linux
//                               ^^^^^^^ comment.block.c - keyword.other.barrier.linux
//                                            ^^^^^^^ comment.block.c entity.name.function.linux
        smp_mb(); /* LMM(publish:A) */
//                   ^^^ keyword.other.claim.linux
//                       ^^^^^^^ entity.name.function.linux
//                               ^ entity.name.label.linux
        /* The corresponding write barrier is in publish(). */
//             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ keyword.other.claim.linux
