/**
 * Stopping and waking a transmit queue in C of our own, after `include/linux/netdevice.h`: all queues of a device are told
 * apart by their index. What is run when a queue wakes is not played.
 */

/** The queues of a device. */
export const NET = `
#define __QUEUE_STATE_DRV_XOFF 0
struct netdev_queue {
  unsigned long state;
};
struct net_device {
  struct netdev_queue *_tx;
};

#define netdev_get_tx_queue(dev, index) (&(dev)->_tx[index])
#define netif_tx_stop_queue(queue) do { \\
  smp_mb__before_atomic(); \\
  set_bit(__QUEUE_STATE_DRV_XOFF, &(queue)->state); \\
} while (0)
#define netif_tx_start_queue(queue) clear_bit(__QUEUE_STATE_DRV_XOFF, &(queue)->state)
#define netif_tx_wake_queue(queue) \\
  ((void)test_and_clear_bit(__QUEUE_STATE_DRV_XOFF, &(queue)->state))
#define netif_tx_queue_stopped(queue) test_bit(__QUEUE_STATE_DRV_XOFF, &(queue)->state)

#define netif_stop_queue(dev) netif_tx_stop_queue(netdev_get_tx_queue(dev, 0))
#define netif_start_queue(dev) netif_tx_start_queue(netdev_get_tx_queue(dev, 0))
#define netif_wake_queue(dev) netif_tx_wake_queue(netdev_get_tx_queue(dev, 0))
#define netif_queue_stopped(dev) netif_tx_queue_stopped(netdev_get_tx_queue(dev, 0))
#define netif_stop_subqueue(dev, index) netif_tx_stop_queue(netdev_get_tx_queue(dev, index))
#define netif_start_subqueue(dev, index) netif_tx_start_queue(netdev_get_tx_queue(dev, index))
#define netif_wake_subqueue(dev, index) netif_tx_wake_queue(netdev_get_tx_queue(dev, index))
#define __netif_subqueue_stopped(dev, index) \\
  netif_tx_queue_stopped(netdev_get_tx_queue(dev, index))
`;
